# The one door: every command a person or CI needs. `make` alone lists them.
SHELL := /bin/sh
PORT ?= 8000
PY := .venv/bin/python
LOCKED := site local desk test lint build audit
COMPILE := .venv/bin/uv pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url
# What is typed for these reaches the programs letter by letter: make reads no $(…) in it, a recipe's shell only "$$NAME".
TYPED := PORT STAGE REGION PROFILE LOCAL STATE YES
$(foreach name,$(TYPED),$(if $(value $(name)),$(eval override $(name) := $$(value $(name)))))
export $(TYPED)
export PYTHONUTF8 := 1

.PHONY: help campaign serve test screenshots lint format lock check deploy rotate destroy bench
help:
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */\1\t/' | expand -t 14

.venv/ready: requirements.lock infra/uv.lock.txt pyproject.toml
	@infra/bootstrap tools

node_modules/.ready: package-lock.json .venv/ready
	@infra/bootstrap web

serve: .venv/ready node_modules/.ready ## the product on http://localhost:$PORT, with a local inbox
	@exec $(PY) -m infra.local --port "$$PORT"

test: .venv/ready node_modules/.ready ## all tests, a browser included
	@infra/bootstrap browser java_runtime
	@$(PY) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

screenshots: .venv/ready node_modules/.ready ## the article's pictures and the social card anew, where something changed
	@infra/bootstrap browser
	@$(PY) -m infra.shots
	@$(PY) -m pytest -q tests/test_shots.py tests/test_article.py
	@$(PY) -m infra.shots.checked

bench: .venv/ready node_modules/.ready ## what it costs and what its time tells, measured (BENCH=--quick for a first look)
	@infra/bootstrap browser
	@$(PY) -m infra.bench $(BENCH)

campaign: .venv/ready node_modules/.ready ## the long proofs at full size (CAMPAIGN="--size 0.1 --minutes 10" for less)
	@infra/bootstrap browser java_runtime
	@$(PY) -m infra.campaign $(CAMPAIGN)

lint: .venv/ready ## formatter, linter, types, templates
	.venv/bin/ruff format --check . && .venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/cfn-lint infra/state.yaml infra/template.yaml infra/watch.yaml infra/waf.yaml

DEPLOY = $(PY) -m infra.deploy $(1) --stage "$$STAGE" $(if $(REGION),--region "$$REGION") $(if $(PROFILE),--profile "$$PROFILE") $(if $(LOCAL),--local "$$LOCAL") $(if $(filter 1 y yes true,$(YES)),--yes)

deploy: .venv/ready node_modules/.ready ## to AWS: STAGE=prod REGION=… PROFILE=… (rehearse: LOCAL=8000)
	@$(call DEPLOY,deploy)

check: .venv/ready ## what a deploy of STAGE would still stumble over; changes nothing
	@$(call DEPLOY,check)

rotate: .venv/ready ## a new secret between CloudFront and the function: STAGE=prod
	@$(call DEPLOY,rotate)

destroy: .venv/ready ## takes a stage down; accounts stay unless STATE=delete
	@$(call DEPLOY,destroy) --state "$${STATE:-keep}"

format: .venv/ready ## formats the code
	.venv/bin/ruff format . && .venv/bin/ruff check --fix .

lock: .venv/ready ## renews the locks (hashes, no registry host)
	$(COMPILE) -U --python-version 3.11 $(addprefix --group ,$(LOCKED)) pyproject.toml -o requirements.lock
	$(COMPILE) -U --python-version 3.13 pyproject.toml -o functions/requirements.lock
	echo 'uv>=0.13,<1' | $(COMPILE) -U --python-version 3.11 - -o infra/uv.lock.txt

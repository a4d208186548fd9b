"""The two templates against the infrastructure rules I01–I30; cfn-lint is `make lint`, checkov `make campaign`."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from infra.campaign import template
from infra.deploy.facts import ROOT, parameters, read_facts
from infra.deploy.stacks import WATCHED
from reset.changes import KEPT
from reset.delivery import MOMENT
from reset.feedback import EVENTS
from reset.resets import LEASE
from reset.settings import Limits

APP, STATE = template.read("template.yaml"), template.read("state.yaml")
WATCH, FIREWALL = template.read("watch.yaml"), template.read("waf.yaml")
BOTH = {**STATE["Resources"], **APP["Resources"]}


def of(kind: str) -> list[tuple[str, dict[str, Any]]]:
    """All resources of a type, with their names."""
    found = [(name, each) for name, each in BOTH.items() if each["Type"] == kind]
    assert found, kind
    return found


def properties(kind: str) -> list[dict[str, Any]]:
    """Their properties."""
    return [each["Properties"] for _, each in of(kind)]


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every role, with the role's name."""
    watching = [(name, each) for name, each in WATCH["Resources"].items() if each["Type"] == "AWS::IAM::Role"]
    for name, role in (*of("AWS::IAM::Role"), *watching):
        for policy in role["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_rights_name_action_and_resource() -> None:
    """I01: no `*` action; `*` resource only where the service knows no other (SES's suppression list)."""
    without_arn = {"ses:GetSuppressedDestination", "ses:DeleteSuppressedDestination"}
    count = 0
    for role, statement in statements():
        count += 1
        actions, resources = listed(statement["Action"]), listed(statement["Resource"])
        assert not [action for action in actions if "*" in action], role
        if "*" in resources:
            assert set(actions) <= without_arn or "cloudwatch:" in str(actions), (role, statement)
    assert count > 15


# What each role may do, and nothing else: a right more is a decision, and is written down here as well.
SEAL, WRITE = {"kms:Decrypt", "kms:GenerateDataKey"}, {"logs:CreateLogStream", "logs:PutLogEvents"}
RIGHTS: dict[str, dict[str, set[str]]] = {
    "WebRole": {
        "AccountsTable": {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem"},
        "PasswordsTable": {"dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "ResetsTable": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"},
        "TimelineTable": {"dynamodb:PutItem"},
        "Mails": {"sqs:SendMessage"},
        "SecretArn": {"secretsmanager:GetSecretValue"},
        "KeyArn": SEAL,
        "WebLog": WRITE,
    },
    "WorkerRole": {
        "AccountsTable": {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        "ResetsTable": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "TimelineTable": {"dynamodb:PutItem"},
        "Mails": {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
        "Events": {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
        "identity/SenderIdentity": {"ses:SendEmail"},
        "configuration-set/Sending": {"ses:SendEmail"},
        "KeyArn": SEAL,
        "WorkerLog": WRITE,
    },
    "DeskRole": {
        "AccountsTable": {
            *("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Scan"),
            *("dynamodb:DeleteItem", "dynamodb:UpdateItem"),
        },
        "AccountsTable/index/by-domain": {"dynamodb:Query"},
        "PasswordsTable": {"dynamodb:DeleteItem"},
        "ResetsTable": {"dynamodb:GetItem", "dynamodb:Scan", "dynamodb:DeleteItem", "dynamodb:UpdateItem"},
        "TimelineTable": {"dynamodb:Query", "dynamodb:Scan", "dynamodb:PutItem", "dynamodb:DeleteItem"},
        "TimelineTable/index/by-vorgang": {
            *("dynamodb:Query", "dynamodb:Scan", "dynamodb:PutItem", "dynamodb:DeleteItem")
        },
        "Mails": {"sqs:SendMessage"},
        "DeskSecretArn": {"secretsmanager:GetSecretValue"},
        "KeyArn": SEAL,
        "*": {"ses:GetSuppressedDestination", "ses:DeleteSuppressedDestination"},
        "identity/SenderIdentity": {"ses:GetEmailIdentity"},
        "stack/kennwort-*": {"cloudformation:DescribeStacks"},
    },
    "CanaryRole": {
        "TimelineTable/index/by-vorgang": {"dynamodb:Query"},
        "KeyArn": {"kms:Decrypt"},
        "CanaryLog": WRITE,
    },
    "CanaryCaller": {"CanaryFunction": {"lambda:InvokeFunction"}},
}


def named(resource: Any) -> str:
    """What a statement's resource is called in the templates, without the ARN around it."""
    text = resource if isinstance(resource, str) else str(next(iter(resource.values())))
    return re.sub(r"\$\{(\w+)\}", r"\1", text.rpartition(":")[2]).removeprefix("table/").removesuffix(".Arn")


def test_each_role_may_do_what_it_needs_and_nothing_else() -> None:
    """R97, I01: action by action and resource by resource, for functions, desk and canary."""
    found: dict[str, dict[str, set[str]]] = {}
    for role, statement in statements():
        for resource in listed(statement["Resource"]):
            found.setdefault(role, {}).setdefault(named(resource), set()).update(listed(statement["Action"]))
    assert found.keys() == RIGHTS.keys()
    for role, expected in RIGHTS.items():
        assert found[role] == expected, role


def test_nobody_but_who_should_can_take_a_role_on() -> None:
    """R97, I01: no managed policy beside the rights above, and no stranger behind them."""
    lambdas, house = {"Service": "lambda.amazonaws.com"}, "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"
    trusted = {
        "WebRole": lambdas,
        "WorkerRole": lambdas,
        "CanaryRole": lambdas,
        "CanaryCaller": {"Service": "scheduler.amazonaws.com"},
        "DeskRole": {"AWS": {"Fn::Sub": house}},
    }
    roles = {name: each for name, each in (BOTH | WATCH["Resources"]).items() if each["Type"] == "AWS::IAM::Role"}
    assert roles.keys() == trusted.keys()
    rest = [each["Type"] for which in (APP, STATE, WATCH, FIREWALL) for each in which["Resources"].values()]
    assert {kind for kind in rest if kind.startswith("AWS::IAM::")} == {"AWS::IAM::Role"}
    for name, role in roles.items():
        assert not {"ManagedPolicyArns", "PermissionsBoundary"} & role["Properties"].keys()
        assert role["Properties"].get("MaxSessionDuration", 3600) == 3600
        (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert (statement["Principal"], statement["Action"]) == (trusted[name], "sts:AssumeRole")


GUARDS = (
    *("AWS::IAM::", "AWS::KMS::", "AWS::SES::", "AWS::SNS::", "AWS::SQS::", "AWS::WAFv2::", "AWS::CloudWatch::Alarm"),
    *("AWS::S3::", "AWS::DynamoDB::", "AWS::SecretsManager::", "AWS::CloudFront::", "AWS::ApiGatewayV2::"),
    *("AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping", "AWS::Logs::LogGroup"),
    *("AWS::Scheduler::Schedule", "AWS::Lambda::EventInvokeConfig"),
)


def test_what_guards_is_as_it_was_reviewed() -> None:
    """I01–I30, R23, R69, R97: any other value is a decision: read the rule, then put the new digest into the file."""
    found = {}
    for name, which in (("state", STATE), ("template", APP), ("watch", WATCH), ("waf", FIREWALL)):
        for key, each in which["Resources"].items():
            if each["Type"].startswith(GUARDS):
                found[f"{name}.{key}"] = each
        found |= {f"{name}.{part}": which[part] for part in ("Parameters", "Conditions") if part in which}
    found = {
        key: hashlib.sha256(json.dumps(each, sort_keys=True).encode()).hexdigest()[:16] for key, each in found.items()
    }
    reviewed = json.loads((ROOT / "tests" / "reviewed.json").read_text())
    changed = {key: found.get(key) for key in found.keys() | reviewed.keys() if found.get(key) != reviewed.get(key)}
    assert not changed, f"not as reviewed: {json.dumps(changed, indent=2)}"


def test_no_secret_is_shown_by_a_stack() -> None:
    """I08, I11, R43: neither as an output, which every clerk can read, nor resolved into an environment."""
    hidden = {name for name, each in (APP["Parameters"] | STATE["Parameters"]).items() if each.get("NoEcho")}
    for which in (APP, STATE, WATCH, FIREWALL):
        shown = json.dumps(which.get("Outputs", {}))
        shown += json.dumps([each.get("Properties", {}).get("Environment") for each in which["Resources"].values()])
        assert not set(re.findall(r"\w+", shown)) & hidden
        assert "resolve:" not in shown


def test_the_desk_writes_these_attributes_and_reads_nothing_back() -> None:
    """R09, R97: no address, no name, no hash, no digest of a link; an answer would show what was there."""
    written = {
        "AccountsTable": {
            *("id", "status", "epoch", "locked_from", "locked_at", "lock_reason", "lifted_at", "undeliverable"),
            *("password_gone_at", "invited_at", "invitation", "invitations"),
        },
        "PasswordsTable": {"id"},
        "ResetsTable": {*("pk", "voided_at", "asked_at", "mailed_at", "vorgang", "expires_at", "ttl", "sending_until")},
    }
    found = {}
    for role, statement in statements():
        if role == "DeskRole" and "Condition" in statement:
            condition = statement["Condition"]
            assert condition["StringEqualsIfExists"] == {"dynamodb:ReturnValues": "NONE"}
            found[named(statement["Resource"])] = set(condition["ForAllValues:StringEquals"]["dynamodb:Attributes"])
        elif role == "DeskRole":
            assert "dynamodb:UpdateItem" not in listed(statement["Action"])
            assert "PasswordsTable" not in json.dumps(statement["Resource"])
    assert found == written


def test_each_function_has_a_role_of_its_own() -> None:
    """I01."""
    roles = [json.dumps(each["Role"]) for each in properties("AWS::Lambda::Function")]
    assert len(set(roles)) == len(roles) >= 2


def test_web_cannot_mail_and_worker_and_desk_cannot_read_hashes() -> None:
    """I02, R09: no reading right on the table of hashes but the web function's; only the worker sends."""
    reading = {"GetItem", "BatchGetItem", "Query", "Scan", "PartiQLSelect", "UpdateItem", "PutItem"}
    senders, readers = set(), set()
    for role, statement in statements():
        actions, resource = listed(statement["Action"]), json.dumps(statement["Resource"])
        senders |= {role} if any(action.startswith("ses:Send") for action in actions) else set()
        if "PasswordsTable" in resource and {action.partition(":")[2] for action in actions} & reading:
            readers.add(role)
    assert senders == {"WorkerRole"}
    assert readers == {"WebRole"}


def test_the_sender_may_send_as_nobody_else() -> None:
    """I01, I26: identity ARN and From address."""
    (sending,) = [each for _, each in statements() if "ses:SendEmail" in listed(each["Action"])]
    assert "identity/${SenderIdentity}" in json.dumps(sending["Resource"])
    assert sending["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "SenderAddress"}}}


def test_tables_outlive_every_mistake() -> None:
    """I03, I04, I05: point-in-time recovery, the house's own key, deletion protection, kept when the stack goes."""
    for name, each in of("AWS::DynamoDB::Table"):
        table = each["Properties"]
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["SSESpecification"]["SSEType"] == "KMS"
        assert table["SSESpecification"]["KMSMasterKeyId"] == {"Fn::GetAtt": "Key.Arn"}
        assert table["DeletionProtectionEnabled"] == {"Ref": "Protect"}
        assert each["DeletionPolicy"].startswith("Retain"), name
        assert each["UpdateReplacePolicy"] == "Retain"
        assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_the_key_turns_and_is_for_the_account_alone() -> None:
    """I04: rotation on; a service uses it only for this account."""
    (key,) = properties("AWS::KMS::Key")
    assert key["EnableKeyRotation"] is True
    for statement in key["KeyPolicy"]["Statement"]:
        assert statement["Principal"] != "*"
        assert "AWS" in statement["Principal"] or "AWS::AccountId" in json.dumps(statement["Condition"])


def test_what_must_not_last_has_an_end() -> None:
    """I06: resets and timeline by TTL; that the code checks too is in test_nouns_links.py."""
    ends = {name: each["Properties"].get("TimeToLiveSpecification") for name, each in of("AWS::DynamoDB::Table")}
    for name in ("Resets", "Timeline"):
        assert ends[name] == {"AttributeName": "ttl", "Enabled": True}
    assert ends["Accounts"] is None
    assert ends["Passwords"] is None


def test_backups_are_told_on_the_privacy_page() -> None:
    """DynamoDB keeps 35 days of every table that can be restored, also of what was deleted."""
    days = {
        each["Properties"]["PointInTimeRecoverySpecification"].get("RecoveryPeriodInDays", 35)
        for _, each in of("AWS::DynamoDB::Table")
    }
    rows = yaml.safe_load((ROOT / "docs/data-retention.yml").read_text())
    told = [row["how_long"] for row in rows if "Backup" in row["what"]["en"]]
    assert [re.findall("[0-9]+", text) for each in told for text in each.values()] == [[str(*days)]] * 2


def test_the_suppression_list_is_told_on_the_privacy_page() -> None:
    """SES keeps an address there in clear, whatever was erased here."""
    assert [each["SuppressionOptions"]["SuppressedReasons"] for each in properties("AWS::SES::ConfigurationSet")]
    rows = yaml.safe_load((ROOT / "docs/data-retention.yml").read_text())
    assert [True for row in rows if "suppression list" in row["what"]["en"] and "beyond" in row["how_long"]["en"]]


def test_logs_are_declared_kept_for_a_time_and_encrypted() -> None:
    """I07, R90, R92."""
    watching = [each["Properties"] for each in WATCH["Resources"].values() if each["Type"] == "AWS::Logs::LogGroup"]
    assert watching
    for group in (*properties("AWS::Logs::LogGroup"), *watching):
        assert group["RetentionInDays"] == {"Ref": "LogDays"}
        assert group["KmsKeyId"] == {"Ref": "KeyArn"}
    assert "LogDays" in parameters(read_facts()).keys() & APP["Parameters"].keys()
    assert "LogDays" in WATCHED
    named = [each["LoggingConfig"]["LogGroup"] for each in properties("AWS::Lambda::Function")]
    assert len({json.dumps(each) for each in named}) == len(named)


def test_functions_are_bounded_current_and_without_secrets() -> None:
    """I08, I10, I11, I27, R89, R100: concurrency, time-out, runtime; the secret by its ARN; no tracing."""
    assert APP["Parameters"]["Runtime"]["Default"] in ("python3.13", "python3.14")
    for function in properties("AWS::Lambda::Function"):
        assert function["ReservedConcurrentExecutions"] > 0
        assert function["Timeout"] <= 30
        assert function["KmsKeyArn"] == {"Ref": "KeyArn"}
        assert "TracingConfig" not in function
        variables = function["Environment"]["Variables"]
        assert not [name for name in variables if re.search("POWERTOOLS|PEPPER|PASSWORD$|TOKEN|LOG_LEVEL", name)]
    hidden = {name for name, each in (APP["Parameters"] | STATE["Parameters"]).items() if each.get("NoEcho")}
    assert hidden >= {"Origin", "AccountKey", "Pepper"}
    for each in (*APP["Resources"].values(), *WATCH["Resources"].values()):
        if each["Type"] == "AWS::Lambda::Function":
            assert not set(re.findall(r"\w+", json.dumps(each["Properties"]["Environment"]))) & hidden


@pytest.mark.parametrize(
    ("function", "settings"),
    [("Web", "PASSWORD_MINIMUM RETENTION_DAYS"), ("Worker", "LINK_MINUTES RETENTION_DAYS MAILS_PER_HOUR")],
)
def test_a_setting_reaches_the_function_that_keeps_it(function: str, settings: str) -> None:
    """R15, R30, R57, R92: left out, the code's default would hold, whatever the operator has set."""
    variables = BOTH[function]["Properties"]["Environment"]["Variables"]
    for name in settings.split():
        assert variables.get(name) == {"Ref": "".join(map(str.capitalize, name.split("_")))}, name


def test_secrets_are_never_echoed() -> None:
    """I11: NoEcho on every secret parameter of both templates; encrypted with the house's key."""
    for which in (APP, STATE):
        for name, parameter in which["Parameters"].items():
            if name in ("AccountKey", "Pepper", "Origin", "OriginPrevious"):
                assert parameter["NoEcho"] is True, name
    assert [each["KmsKeyId"] for each in properties("AWS::SecretsManager::Secret")] == [{"Fn::GetAtt": "Key.Arn"}] * 2


def test_the_desk_reads_the_account_key_and_no_other_secret() -> None:
    """R09, R97: neither pepper nor origin value; both secrets outlive the stack and are made of the same parameter."""
    readers = {
        role: statement["Resource"] for role, statement in statements() if "secretsmanager:" in str(statement["Action"])
    }
    assert readers == {"WebRole": {"Ref": "SecretArn"}, "DeskRole": {"Ref": "DeskSecretArn"}}
    secrets = dict(of("AWS::SecretsManager::Secret"))
    written = {name: each["Properties"]["SecretString"]["Fn::Sub"] for name, each in secrets.items()}
    assert json.loads(written["DeskSecret"]) == {"account_key": "${AccountKey}"}
    assert json.loads(written["Secret"])["account_key"] == "${AccountKey}"
    assert {each["DeletionPolicy"] for each in secrets.values()} == {"RetainExceptOnCreate"}


def test_failures_of_the_queues_end_where_somebody_looks() -> None:
    """I09, I24: a dead-letter queue behind each queue, everything encrypted, time for six tries of the worker.

    R17, R25, R28, X42: and what waits or is held lasts longer than what it waits for.
    """
    queues = dict(of("AWS::SQS::Queue"))
    timeout = BOTH["Worker"]["Properties"]["Timeout"]
    for name, queue in queues.items():
        assert queue["Properties"]["KmsMasterKeyId"] == {"Ref": "KeyArn"}
        if not name.startswith("Dead"):
            redrive = queue["Properties"]["RedrivePolicy"]
            assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": f"Dead{name}.Arn"}
            assert queue["Properties"]["VisibilityTimeout"] >= 6 * timeout
            dead, days = queues[f"Dead{name}"]["Properties"], 86400
            assert dead["MessageRetentionPeriod"] == 14 * days, "as infra/README.md says"
            assert redrive["maxReceiveCount"] * queue["Properties"]["VisibilityTimeout"] * 10 < days
            assert queue["Properties"]["MessageRetentionPeriod"] == {"Mails": days, "Events": 4 * days}[name]
    waits = (
        BOTH["Mails"]["Properties"]["MessageRetentionPeriod"]
        + BOTH["DeadMails"]["Properties"]["MessageRetentionPeriod"]
    )
    assert waits < KEPT, "the proof of a change outlives its notice"
    assert timeout < LEASE, "no second worker mails what the first still may"
    assert BOTH["Web"]["Properties"]["Timeout"] < MOMENT, "no notice is given up while its change may still come"
    watching = [each["Properties"] for each in WATCH["Resources"].values() if each["Type"] == "AWS::SNS::Topic"]
    for topic in (*properties("AWS::SNS::Topic"), *watching):
        assert topic["KmsMasterKeyId"] == {"Ref": "KeyArn"}
    for mapping in properties("AWS::Lambda::EventSourceMapping"):
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_only_our_own_sending_tells_of_bounces() -> None:
    """I26: the account's other senders may use SES as well, and tags of a mail are their sender's choice."""
    (statement,) = BOTH["EventTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    (source,) = (value for name, value in statement["Condition"]["StringEquals"].items() if name == "AWS:SourceArn")
    assert "configuration-set/${Sending}" in json.dumps(source)
    (statement,) = BOTH["EventsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Ref": "EventTopic"}}}


def test_no_job_waits_for_another_in_a_batch() -> None:
    """R02: when one's own mail goes out must not tell whether the jobs before it made mails (adr/worker-later.md)."""
    assert BOTH["WorkerMails"]["Properties"]["BatchSize"] == 1


def test_only_our_api_calls_the_function() -> None:
    """I12, R79: by SourceArn; no function URL, no CORS."""
    for permission in properties("AWS::Lambda::Permission"):
        assert "${Api}" in json.dumps(permission["SourceArn"])
        assert permission["Principal"] == "apigateway.amazonaws.com"
    assert "AWS::Lambda::Url" not in {each["Type"] for each in BOTH.values()}
    assert "CorsConfiguration" not in json.dumps(BOTH)


def test_the_api_is_throttled_and_logs_nothing_of_the_client() -> None:
    """I14, R86: neither path nor query, body, address, agent or cookie."""
    (stage,) = properties("AWS::ApiGatewayV2::Stage")
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] <= 500
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] <= 500
    written = set(re.findall(r"\$context\.[\w.]+", stage["AccessLogSettings"]["Format"]))
    assert written <= {
        f"$context.{name}"
        for name in (
            "requestId",
            "requestTimeEpoch",
            "httpMethod",
            "status",
            "responseLatency",
            "integrationErrorMessage",
        )
    }


def test_the_origin_proves_itself_and_hands_on_little() -> None:
    """I16, I17, I22, R19, R59, R78: secret header, viewer address, no Host, no caching, one cookie, one query field."""
    config = BOTH["Cdn"]["Properties"]["DistributionConfig"]
    (api,) = [each for each in config["Origins"] if each["Id"] == "api"]
    assert api["OriginCustomHeaders"] == [{"HeaderName": "X-Origin-Secret", "HeaderValue": {"Ref": "Origin"}}]
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert api["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    (behaviour,) = [each for each in config["CacheBehaviors"] if each["TargetOriginId"] == "api"]
    assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # AWS's "CachingDisabled"
    assert behaviour["OriginRequestPolicyId"] == {"Ref": "Forwarded"}
    handed = BOTH["Forwarded"]["Properties"]["OriginRequestPolicyConfig"]
    behaviours = [value for part in handed.values() for name, value in part.items() if name.endswith("Behavior")]
    assert behaviours == ["whitelist"] * 3
    assert set(handed["HeadersConfig"]["Headers"]) == {
        *("Accept", "CloudFront-Viewer-Address", "Content-Type", "Origin", "Sec-Fetch-Site")
    }
    assert handed["CookiesConfig"]["Cookies"] == ["__Host-session"]
    assert handed["QueryStringsConfig"]["QueryStrings"] == ["lang"]


def test_viewers_speak_tls_and_may_be_filtered() -> None:
    """I18, I19, R74, R80: https only; TLS 1.2 with an own domain; a web ACL by parameter."""
    config = BOTH["Cdn"]["Properties"]["DistributionConfig"]
    behaviours = [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]
    assert {each["ViewerProtocolPolicy"] for each in behaviours} == {"redirect-to-https", "https-only"}
    assert "TLSv1.2_2021" in json.dumps(config["ViewerCertificate"])
    assert "WebAclArn" in json.dumps(config["WebACLId"])
    assert config["DefaultRootObject"] == "index.html"
    for each in behaviours:
        if each["TargetOriginId"] == "site":
            assert each["AllowedMethods"] == ["GET", "HEAD"]


def test_the_firewall_blocks() -> None:
    """I18: what each rule does, and from when; infra/README.md names the numbers."""
    rules = {each["Name"]: each for each in FIREWALL["Resources"]["WebAcl"]["Properties"]["Rules"]}
    own = {"posts-per-address": 500, "requests-per-address": 10000, "body-size": 8192}
    assert rules.keys() == {*own, "common", "bad-inputs"}
    for name, number in own.items():
        (statement,) = rules[name]["Statement"].values()
        assert rules[name]["Action"].keys() == {"Block"}, name
        assert (statement.get("Limit") or statement["Size"]) == number, name
    for name in ("common", "bad-inputs"):
        assert rules[name]["OverrideAction"] == {"None": {}}, name
        overridden = rules[name]["Statement"]["ManagedRuleGroupStatement"].get("RuleActionOverrides", ())
        assert all(each["Name"].endswith("_BODY") for each in overridden), name


def test_whom_the_firewall_stops_is_told_why() -> None:
    """I18: of a 403 CloudFront makes the page "not found"; the firewall's own answers it hands on."""
    acl = FIREWALL["Resources"]["WebAcl"]["Properties"]
    told = {rule["Name"]: rule["Action"]["Block"]["CustomResponse"] for rule in acl["Rules"] if "Action" in rule}
    locked = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
    waits = {"Retry-After": "300"}
    for name, status, headers, say in (
        ("posts-per-address", 429, waits, ("fünf Minuten", "five minutes")),
        ("requests-per-address", 429, waits, ("fünf Minuten", "five minutes")),
        ("body-size", 413, {}, ("viel zu lang", "far too long")),
    ):
        answer = told.pop(name)
        assert answer["ResponseCode"] == status
        assert {each["Name"]: each["Value"] for each in answer["ResponseHeaders"]} == locked | headers
        body = acl["CustomResponseBodies"][answer["CustomResponseBodyKey"]]
        assert body["ContentType"] == "TEXT_HTML"
        assert all(words in body["Content"] for words in say)
    assert not told
    assert {limit["EvaluationWindowSec"] for limit in _rates(acl["Rules"])} == {300}


def test_the_firewall_counts_a_post_however_its_path_is_written() -> None:
    """I18: CloudFront and API Gateway take /%61pi/login for /api/login, a plain comparison does not."""
    rules = template.read("waf.yaml")["Resources"]["WebAcl"]["Properties"]["Rules"]
    limit, _ = _rates(rules)
    match = limit["ScopeDownStatement"]["ByteMatchStatement"]
    assert (match["FieldToMatch"], match["SearchString"]) == ({"Method": {}}, "POST")
    assert (limit["AggregateKeyType"], match["PositionalConstraint"]) == ("IP", "EXACTLY")


def test_one_client_cannot_use_up_the_api_by_any_method() -> None:
    """I14, I18: GETs of /api/session count against the API's throttle too; one address gets a third of it at most."""
    _, limit = _rates(template.read("waf.yaml")["Resources"]["WebAcl"]["Properties"]["Rules"])
    (stage,) = properties("AWS::ApiGatewayV2::Stage")
    throttle = stage["DefaultRouteSettings"]["ThrottlingRateLimit"]
    assert "ScopeDownStatement" not in limit
    assert limit["Limit"] / limit["EvaluationWindowSec"] * 3 <= throttle


def _rates(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each["Statement"]["RateBasedStatement"] for each in rules if "RateBasedStatement" in each["Statement"]]


def test_every_answer_of_the_edge_carries_the_headers() -> None:
    """I21, R72–R77: one policy on every behaviour; test_headers.py looks at the answers."""
    config = BOTH["Cdn"]["Properties"]["DistributionConfig"]
    for each in (config["DefaultCacheBehavior"], *config["CacheBehaviors"]):
        assert each["ResponseHeadersPolicyId"] == {"Ref": "Headers"}


def test_the_bucket_is_private() -> None:
    """I20: only this distribution reads, only over TLS; versions, encryption, no public access."""
    site = BOTH["Site"]["Properties"]
    assert set(site["PublicAccessBlockConfiguration"].values()) == {True}
    assert site["VersioningConfiguration"] == {"Status": "Enabled"}
    assert site["BucketEncryption"]
    (allow, deny) = BOTH["SitePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert "distribution/${Cdn}" in json.dumps(allow["Condition"])
    assert (allow["Action"], deny["Effect"]) == ("s3:GetObject", "Deny")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    origin = next(each for each in BOTH["Cdn"]["Properties"]["DistributionConfig"]["Origins"] if each["Id"] == "site")
    assert origin["OriginAccessControlId"]


def test_mail_goes_over_tls_without_tracking() -> None:
    """I26, R69, X14: TLS required, suppression on, no open or click events, so nothing rewrites a link."""
    (sending,) = properties("AWS::SES::ConfigurationSet")
    assert sending["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}
    assert set(sending["SuppressionOptions"]["SuppressedReasons"]) == {"BOUNCE", "COMPLAINT"}
    assert sending["ReputationOptions"] == {"ReputationMetricsEnabled": True}
    assert "TrackingOptions" not in sending
    for _, destination in of("AWS::SES::ConfigurationSetEventDestination"):
        told = {each.replace("_", "") for each in destination["Properties"]["EventDestination"]["MatchingEventTypes"]}
        assert told == {"SEND", *map(str.upper, EVENTS)}, (
            "what the worker waits for, and nothing of opening and clicking"
        )
        assert destination["DependsOn"] == "EventTopicPolicy"
    (identity,) = properties("AWS::SES::EmailIdentity")
    assert identity["MailFromAttributes"]["MailFromDomain"] == {"Fn::Sub": "bounces.${SenderIdentity}"}
    assert "DkimAttributes" not in identity, "it is on unless switched off"


def test_no_account_or_region_is_written_down() -> None:
    """I28, I25: ARNs are built from pseudo parameters; no wildcard certificate is made here."""
    for name in ("template.yaml", "state.yaml"):
        text = (ROOT / "infra" / name).read_text()
        assert not re.search(r"\b\d{12}\b", text)
        assert not re.search(r"arn:aws:|(eu|us)-[a-z]+-\d", re.sub(r"#.*|Description:.*", "", text))
    assert "AWS::CertificateManager::Certificate" not in {each["Type"] for each in BOTH.values()}


def test_state_and_code_are_apart() -> None:
    """I30: tables, keys and sender in a stack that a deploy of code never touches."""
    lasting = {"AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::SES::EmailIdentity"}
    assert lasting <= {each["Type"] for each in STATE["Resources"].values()}
    assert not lasting & {each["Type"] for each in APP["Resources"].values()}


@pytest.mark.parametrize("name", ["template.yaml", "state.yaml", "watch.yaml", "waf.yaml"])
def test_each_checkov_skip_has_a_reason(name: str) -> None:
    """I13, I28: beside the resource, in words."""
    written = template.read(name)["Resources"]
    for resource, each in written.items():
        for skip in each.get("Metadata", {}).get("checkov", {}).get("skip", ()):
            assert re.fullmatch(r"CKV2?_AWS_\d+", skip["id"]), resource
            assert len(skip["comment"]) > 30, resource


def every_alarm() -> dict[str, dict[str, Any]]:
    """The alarms of watch and firewall, with their properties."""
    both = WATCH["Resources"] | FIREWALL["Resources"]
    return {name: each["Properties"] for name, each in both.items() if each["Type"] == "AWS::CloudWatch::Alarm"}


# The most that may happen in an alarm's time and nobody is told: none of what never should; of the rest, less than one
# address's limits let through, or than the rates at which SES looks closer (5 % bounces, 0.1 % complaints).
UNTOLD = {
    **dict.fromkeys(("WebErrors", "WebThrottles", "WorkerErrors", "WorkerThrottles", "UnforeseenFaults"), 0),
    **dict.fromkeys(("DeadMails", "DeadEvents", "TableThrottles", "CanaryFailed"), 0),
    "ApiFaults": 10,
    "QueueAge": 300,
    "RetriesBurst": 50,
    "NotMeBurst": 10,
    "BounceRate": 0.05,
    "ComplaintRate": 0.001,
    "ResetBurst": 500,
    "ChangedBurst": 500,
    "Blocked": 500,
    "TokenRefusals": Limits().reset_per_address.count,
    "LoginFailures": Limits().login_per_address.count,
    **dict.fromkeys(("LimitHits", "ForeignForms", "AroundCloudFront"), 60),
}


STATISTIC = dict.fromkeys(("DeadMails", "DeadEvents", "QueueAge"), "Maximum") | dict.fromkeys(
    ("BounceRate", "ComplaintRate"), "Average"
)


def test_no_alarm_sleeps_through_what_it_watches() -> None:
    """I23, R23: each fires above a bound that an attack or a fault passes, and within the hour."""
    alarms = every_alarm()
    silent, budget = alarms.pop("CanarySilent"), alarms.pop("BudgetUsed")
    assert alarms.keys() == UNTOLD.keys()
    for name, alarm in alarms.items():
        assert alarm["ComparisonOperator"] == "GreaterThanThreshold", name
        assert 0 <= alarm["Threshold"] <= UNTOLD[name], name
        assert alarm["Period"] * alarm["EvaluationPeriods"] <= 3600, name
        assert alarm["Statistic"] == STATISTIC.get(name, "Sum"), name
        assert "ActionsEnabled" not in alarm, name
    told = budget["Threshold"], budget["ComparisonOperator"], budget["Period"] * budget["EvaluationPeriods"]
    assert told == ({"Ref": "BudgetNear"}, "GreaterThanOrEqualToThreshold", 3600)
    told = silent["Threshold"], silent["ComparisonOperator"], silent["TreatMissingData"]
    assert told == (1, "LessThanThreshold", "breaching")


def test_every_alarm_acts_and_the_attacks_have_one() -> None:
    """I23, R23: faults, queues, bounces, bursts, refusals, ways around the edge; each tells somebody."""
    alarms = every_alarm()
    for name, alarm in alarms.items():
        assert alarm["AlarmActions"], name
    for which in (WATCH, FIREWALL):
        (mail,) = [
            each["Properties"] for each in which["Resources"].values() if each["Type"] == "AWS::SNS::Subscription"
        ]
        assert (mail["Protocol"], mail["Endpoint"]) == ("email", {"Ref": "AlarmMail"})
    wanted = {"WebErrors", "WebThrottles", "WorkerErrors", "DeadMails", "DeadEvents", "BounceRate", "ComplaintRate"}
    wanted |= {"ResetBurst", "TokenRefusals", "LoginFailures", "LimitHits", "ForeignForms", "AroundCloudFront"}
    assert wanted <= alarms.keys()

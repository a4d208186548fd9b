// Posts a form in the background, so that a failure keeps what was typed; a success is a real new page.
import { forgetAddress } from "./address.js";
import { clearProblems, markField, nameTheFault, showProblem } from "./problem.js";
import { keepRequest } from "./sent.js";

/** After half a minute, when API Gateway has given up too, a held connection counts as broken; old browsers wait. */
export const patience = () => AbortSignal.timeout?.(30_000);

// What stands before the function, such as the firewall, knows no codes.
const WITHOUT_CODE = { 413: "zu-gross", 429: "zu-viele-anfragen" };

export function sendByFetch(form, keep) {
  form.noValidate = form.classList.contains("form"); // our own messages, the same in every browser
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy || event.submitter?.getAttribute("aria-disabled") === "true") return; // the page says why
    if (!complete(form)) return;
    keep(form);
    busy = true;
    const status = form.querySelector("[data-sending]"); // every form has one: see theme/partials/frame.html
    status.textContent = status.dataset.sending;
    try {
      await send(form);
    } catch {
      showProblem({ code: "netz" });
    }
    status.textContent = "";
    busy = false;
  });
}

async function send(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
    signal: patience(),
  });
  const told = await answer.json().catch(notOurs);
  if (answer.ok && told) {
    if (form.matches(".portal__logout")) forgetAddress(); // whoever comes next at this device is somebody else
    const { vorgang } = told;
    const wanted = form.dataset.done.includes("gesendet") && vorgang;
    if (wanted) keepRequest(form.elements.username.value.trim(), vorgang);
    location.assign(form.dataset.done + (wanted ? `?vorgang=${encodeURIComponent(vorgang)}` : ""));
    await new Promise((back) => {
      addEventListener("pageshow", back, { once: true }); // leaving: no second press
      setTimeout(back, 10_000); // unless somebody stopped the next page
    });
    return;
  }
  const problem = told?.code ? told : { code: WITHOUT_CODE[answer.status] ?? "stoerung" };
  showProblem(tooLong(form, problem) ?? problem, waiting(answer.headers.get("Retry-After")));
}

/** A form that is too large for the function: where it is by its password, the page has a message for that. */
function tooLong(form, told) {
  if (told.code !== "zu-gross") return null;
  const [[longest]] = [...new FormData(form)].sort(([, one], [, two]) => two.length - one.length);
  return ["new_password", "confirm"].includes(longest) ? { code: "passwort-zu-lang", vorgang: told.vorgang } : null;
}

/** Null for somebody else's page in place of our answer; an answer that breaks off is a broken connection. */
function notOurs(error) {
  if (error instanceof SyntaxError) return null;
  throw error;
}

/** Retry-After in words. */
function waiting(header) {
  const seconds = Number(header);
  if (!seconds) return "";
  const minutes = Math.ceil(seconds / 60);
  const { retryAfter, retryAfterOne } = document.body.dataset;
  return minutes === 1 ? retryAfterOne : retryAfter.replace("{n}", minutes);
}

/** Whether both passwords are the same; a difference costs no try (NFC as the function counts it). */
function alike({ elements: { new_password: first, confirm: second } }) {
  if (first?.value.normalize("NFC") === second?.value.normalize("NFC")) return true;
  showProblem({ code: "passwort-ungleich" });
  return false;
}

/** Whether every field is filled, and the password twice alike; says so at each that is not. */
function complete(form) {
  const empty = [...form.elements].filter((field) => field.required && !field.value);
  if (!empty.length) return alike(form);
  const errors = empty.map((field) => {
    const detail = document.getElementById(`${field.id}-fehler`).dataset.empty;
    return { field: field.id, detail, summary: `${field.labels[0].textContent}: ${detail}` };
  });
  clearProblems();
  if (document.getElementById("fehler-eingabe-ungueltig")) showProblem({ code: "eingabe-ungueltig", errors });
  else {
    for (const { field, detail } of errors) markField(field, detail);
    nameTheFault();
    empty[0].focus();
  }
  return false;
}

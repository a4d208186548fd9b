// The secret comes behind the # of the mail's link: into the field, out of the address bar. It is never stored.

const LENGTH = 43; // of every token: functions/reset/tokens.py; what a mail program hung on behind it is no part of it
const OWN = location.pathname.split("/").slice(-2)[0]; // "neues-passwort": a mail holds a second link, to another page
const LINK = new RegExp(`/${OWN}/#([\\w-]{${LENGTH}})`);

/** Whether there was one. */
export function takeToken() {
  const field = document.getElementById("token");
  if (!field) return false;
  const fragment = location.hash.slice(1);
  const token = start(fragment);
  if (!token || fragment.startsWith("fehler-") || document.getElementById(fragment)) return false;
  field.value = token;
  history.replaceState(null, "", location.pathname + location.search);
  field.closest(".token").hidden = token.length === LENGTH; // of a cut link somebody may know the rest
  return true;
}

/** The same page in the other language gets it, too: who cannot read this one needs no second look at the mail. */
export function handTokenOn(link) {
  link.addEventListener("click", () => {
    link.hash = within(document.getElementById("token")?.value ?? "");
    setTimeout(() => (link.hash = "")); // it has done its work, and stays in no page
  });
}

/** Takes the token out of what was pasted, and away when the page is left: Back brings no secret to the screen. */
export function guardToken(field) {
  field.addEventListener("input", () => {
    const token = within(field.value);
    if (token && token !== field.value) field.value = token;
  });
  addEventListener("pagehide", () => {
    field.value = "";
    field.closest(".token").hidden = false;
  });
}

/** The token in a pasted link, code or mail, or "": as tokens.py finds it without this script. */
function within(text) {
  const plain = text.replace(/%2F/gi, "/").replace(/%23/g, "#"); // "Safe Links" pack the whole link into theirs
  const alone = new Set(plain.split(/[^\w-]+/).filter((run) => run.length === LENGTH));
  return plain.match(LINK)?.[1] ?? (alone.size === 1 ? [...alone][0] : "");
}

const start = (text) => text.match(new RegExp(`^[\\w-]{1,${LENGTH}}`))?.[0] ?? "";

// The secret comes behind the # of the mail's link: into the field, out of the address bar. It is never stored.

const LENGTH = 43; // of every token: functions/reset/tokens.py; what a mail program hung on behind it is no part of it

export function takeToken() {
  const field = document.getElementById("token");
  if (!field) return;
  const fragment = location.hash.slice(1);
  const token = start(fragment);
  if (!token || fragment.startsWith("fehler-") || document.getElementById(fragment)) return;
  field.value = token;
  history.replaceState(null, "", location.pathname + location.search);
  field.closest(".token").hidden = token.length === LENGTH; // of a cut link somebody may know the rest
}

/** Takes the token out of a pasted link, and away when the page is left: Back brings no secret to the screen. */
export function guardToken(field) {
  field.addEventListener("input", () => {
    if (field.value.includes("#")) field.value = start(field.value.split("#").pop());
  });
  addEventListener("pagehide", () => {
    field.value = "";
    field.closest(".token").hidden = false;
  });
}

const start = (text) => text.match(new RegExp(`^[\\w-]{1,${LENGTH}}`))?.[0] ?? "";

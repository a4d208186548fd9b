// The typed address: kept for this window, so that nobody types it twice; and a look for slips in its domain.

const KEY = "username";
const COMMON = [
  "web.de", "gmx.de", "gmx.net", "gmail.com", "googlemail.com", "t-online.de", "freenet.de", "outlook.com",
  "outlook.de", "hotmail.com", "hotmail.de", "yahoo.de", "yahoo.com", "icloud.com", "posteo.de", "mailbox.org",
  "arcor.de", "aol.com", "live.de",
];
// Real providers that look like slips of these: other countries of theirs, and names one letter away.
const LANDS = "at|be|ca|ch|cz|dk|es|eu|fi|fr|gr|hu|ie|in|it|jp|li|lu|lv|me|net|nl|no|pl|pt|ro|se|sk|uk|us";
const REAL = new RegExp(`^((mail|email|ymail)\\.com|(o2)?online\\.de|(arcor|freenet|hotmail|live|outlook|posteo|t-online|yahoo)\\.(${LANDS}))$`);

export const keptAddress = () => read(KEY);
export const keepAddress = (form) => {
  const address = form.elements.username?.value.trim();
  if (isAddress(address)) write(KEY, address);
};
/** What was typed into the wrong field is kept nowhere. */
export const isAddress = (text) => /^\S+@[^\s@]+\.[^\s@]+$/.test(text ?? "");

// A browser may refuse its storage; then the comfort is missing and nothing else.
export function read(key) {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** Chromium says that it takes cookies even where it takes none; then it refuses its storage, too. */
export function refuses() {
  try {
    return !sessionStorage;
  } catch {
    return true;
  }
}

export function write(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {}
}

// A browser that refuses its storage refuses this, too: the windows then forget each for itself.
let others;
try {
  others = new BroadcastChannel("abgemeldet");
  others.onmessage = () => {
    forget();
    if (document.querySelector(".portal__who")) location.reload(); // it names who was logged in
  };
} catch {}

function forget() {
  try {
    sessionStorage.clear();
  } catch {}
}

/** At a log-out: all that this browser's windows kept of the customer. */
export function forgetAddress() {
  forget();
  others?.postMessage("");
}

export function restoreAddress() {
  for (const field of document.querySelectorAll('input[name="username"]')) field.value ||= keptAddress();
}

/** The address with a common domain that was probably meant, or "". */
export function meant(address) {
  const [local, domain, ...more] = address.trim().toLowerCase().split("@");
  if (!local || !domain || more.length || COMMON.includes(domain) || REAL.test(domain)) return "";
  const [best, slips] = COMMON.map((common) => [common, distance(domain, common)]).sort((a, b) => a[1] - b[1])[0];
  const most = best.length > 7 ? 2 : 1;
  return slips <= most ? `${address.trim().slice(0, address.trim().indexOf("@"))}@${best}` : "";
}

/** Edits from one word to the other, a swapped pair counted as one. */
function distance(a, b) {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1][j - 1] + (a[i - 1] !== b[j - 1]);
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, change);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.length][b.length];
}

/** Offers the meant address below the field of a form, also for one that came back with "Adresse ändern". */
export function suggest(hint) {
  const field = hint.closest("form").elements.username;
  const offer = () => {
    const address = meant(field.value);
    hint.replaceChildren();
    if (!address) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = hint.dataset.take;
    button.addEventListener("click", () => {
      field.value = address;
      hint.replaceChildren();
      field.focus();
    });
    hint.append(hint.dataset.question.replace("{address}", () => address), " ", button);
  };
  field.addEventListener("change", offer);
  offer();
}

// The secret comes behind the # of the mail's link: into the field, out of the address bar. It is never stored.

export function takeToken() {
  const field = document.getElementById("token");
  if (!field) return;
  const fragment = location.hash.slice(1);
  if (!/^[\w-]{16,128}$/.test(fragment) || fragment.startsWith("fehler-")) return;
  field.value = fragment;
  history.replaceState(null, "", location.pathname + location.search);
  field.closest(".token").hidden = true;
}

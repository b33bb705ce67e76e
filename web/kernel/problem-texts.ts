import type { ProblemCode } from '../../contract/problems.ts'
import { type Issue, problemIn } from './call.ts'
import { catalogue, lookUp } from './i18n.ts'
import { language } from './language.ts'

/** Every error code in words: what happened, and what to do. A code without words does not compile. */
type Codes = Record<ProblemCode | 'unreachable', string>
const en = {
  not_found: 'This is not here, or you may not see it. It may have been moved or removed.',
  not_allowed: 'Your role does not include this. Ask an administrator if you need it.',
  sign_in_needed: 'You are signed out. Please sign in again.',
  sign_in_failed: 'That did not match. Check the address and the password, or ask for a link by mail.',
  second_factor_needed: 'Enter the code of your second factor.',
  second_factor_setup_needed: 'Set up a second factor first.',
  link_expired: 'This link was used already or is too old. Ask for a new one.',
  provider_refused: 'The sign-in with the company account was not accepted. Begin again.',
  provider_only: 'People with this address sign in with {provider}. Use its button above.',
  origin_refused: 'This request came from another site. Open the page again from its own address.',
  validation_failed: 'Some fields need another look.',
  body_unreadable: 'The request could not be read. Reload the page and try again.',
  body_too_large: 'This is too large. Send a smaller file or less text.',
  media_type_refused: 'This kind of file cannot be taken here.',
  version_missing: 'The page is out of date. Reload it and try again.',
  version_stale: 'Somebody changed this meanwhile. Look at their change, then decide.',
  idempotency_key_reused: 'This was sent before with other content. Reload the page and try again.',
  idempotency_in_progress: 'The first attempt is still running. Wait a moment.',
  too_many_requests: 'Too many attempts. Wait a minute and try again.',
  ticket_closed: 'This ticket is closed. Reopen it, or open a new one.',
  ticket_merged: 'This ticket was merged into another. Go on there.',
  ticket_blocked: 'A ticket that is not finished blocks this one.',
  merge_refused: 'These two tickets cannot be merged.',
  status_move_refused: 'The status cannot change this way. Choose another.',
  tasks_open: 'Mandatory tasks are still open: {names}. Finish them, or mark them as not needed.',
  verification_needed: 'First verify who is asking: the category demands it. “Verify the caller” stands beside the ticket.',
  task_waits: 'Another task comes first: {names}.',
  visit_clash: 'Somebody has something else then: {names}. Choose another time, or plan it all the same.',
  visit_over: 'This visit is over. Plan a new one.',
  newer_message: 'A newer message came in while you wrote. Read it, then send.',
  undo_too_late: 'It is too late to take this back: it is on its way.',
  already_exists: 'This exists already. Choose another name or address.',
  still_in_use: 'This is still in use. Move what depends on it first.',
  own_address: 'This is an address of the desk itself. Choose another.',
  mailbox_unreachable: 'The mailbox cannot be reached. Check host, port and password.',
  source_unreachable: 'The other system cannot be read. Check its address and the token.',
  bulk_state: 'This was done or taken back already. Make a new preview.',
  import_state: 'The import is not in a state for this. Reload the page.',
  export_refused: 'This export cannot be taken: it is damaged, changed or from a newer version.',
  set_up_done: 'The set-up was finished before.',
  demo_only: 'This works in the sample company only.',
  read_only: 'The system is being looked after and takes no changes right now. Try again in a minute.',
  unavailable: 'The server is busy. Try again in a moment.',
  internal: 'Something went wrong on our side and nothing was changed. Try again; if it stays, tell your administrator.',
  unreachable: 'The server cannot be reached. Check your connection; your text is kept here.',
} as const satisfies Codes
const de: Codes = {
  not_found: 'Das gibt es hier nicht, oder Sie dürfen es nicht sehen. Vielleicht wurde es verschoben oder entfernt.',
  not_allowed: 'Ihre Rolle erlaubt das nicht. Fragen Sie Ihre Administration, wenn Sie es brauchen.',
  sign_in_needed: 'Sie sind abgemeldet. Bitte melden Sie sich wieder an.',
  sign_in_failed: 'Das passt nicht zusammen. Prüfen Sie Adresse und Passwort, oder lassen Sie sich einen Link schicken.',
  second_factor_needed: 'Geben Sie den Code Ihres zweiten Faktors ein.',
  second_factor_setup_needed: 'Richten Sie zuerst einen zweiten Faktor ein.',
  link_expired: 'Dieser Link wurde schon benutzt oder ist zu alt. Fordern Sie einen neuen an.',
  provider_refused: 'Die Anmeldung mit dem Firmenkonto wurde nicht angenommen. Bitte neu beginnen.',
  provider_only: 'Mit dieser Adresse meldet man sich mit {provider} an. Benutzen Sie den Knopf oben.',
  origin_refused: 'Diese Anfrage kam von einer anderen Seite. Öffnen Sie die Seite neu unter ihrer eigenen Adresse.',
  validation_failed: 'Einige Felder brauchen noch einen Blick.',
  body_unreadable: 'Die Anfrage war nicht lesbar. Laden Sie die Seite neu und versuchen Sie es noch einmal.',
  body_too_large: 'Das ist zu groß. Schicken Sie eine kleinere Datei oder weniger Text.',
  media_type_refused: 'Diese Art von Datei wird hier nicht angenommen.',
  version_missing: 'Die Seite ist veraltet. Laden Sie sie neu und versuchen Sie es noch einmal.',
  version_stale: 'Jemand hat das inzwischen geändert. Sehen Sie sich die Änderung an und entscheiden Sie dann.',
  idempotency_key_reused: 'Das wurde schon mit anderem Inhalt geschickt. Laden Sie die Seite neu.',
  idempotency_in_progress: 'Der erste Versuch läuft noch. Einen Moment bitte.',
  too_many_requests: 'Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann noch einmal.',
  ticket_closed: 'Dieses Ticket ist geschlossen. Öffnen Sie es wieder, oder legen Sie ein neues an.',
  ticket_merged: 'Dieses Ticket wurde mit einem anderen zusammengeführt. Dort geht es weiter.',
  ticket_blocked: 'Ein Ticket, das noch nicht erledigt ist, blockiert dieses.',
  merge_refused: 'Diese beiden Tickets lassen sich nicht zusammenführen.',
  status_move_refused: 'So kann der Status nicht wechseln. Wählen Sie einen anderen.',
  tasks_open: 'Pflichtaufgaben sind noch offen: {names}. Erledigen Sie sie, oder markieren Sie sie als nicht nötig.',
  verification_needed: 'Erst prüfen, wer fragt: Die Kategorie verlangt es. „Identität prüfen“ steht neben dem Ticket.',
  task_waits: 'Eine andere Aufgabe kommt zuerst: {names}.',
  visit_clash: 'Jemand hat dann schon etwas anderes: {names}. Wählen Sie eine andere Zeit, oder planen Sie trotzdem.',
  visit_over: 'Dieser Termin ist vorbei. Planen Sie einen neuen.',
  newer_message: 'Während Sie schrieben, kam eine neue Nachricht. Lesen Sie sie, dann senden Sie.',
  undo_too_late: 'Zum Zurücknehmen ist es zu spät: Die Nachricht ist unterwegs.',
  already_exists: 'Das gibt es schon. Wählen Sie einen anderen Namen oder eine andere Adresse.',
  still_in_use: 'Das wird noch gebraucht. Verschieben Sie zuerst, was daran hängt.',
  own_address: 'Das ist eine eigene Adresse des Service Desks. Wählen Sie eine andere.',
  mailbox_unreachable: 'Das Postfach ist nicht erreichbar. Prüfen Sie Server, Port und Passwort.',
  source_unreachable: 'Das andere System ist nicht lesbar. Prüfen Sie Adresse und Token.',
  bulk_state: 'Das ist schon geschehen oder zurückgenommen. Bitte neu ansehen lassen.',
  import_state: 'Dafür ist der Import nicht im richtigen Zustand. Laden Sie die Seite neu.',
  export_refused: 'Dieser Export wird nicht angenommen: Er ist beschädigt, verändert oder aus einer neueren Version.',
  set_up_done: 'Die Einrichtung wurde schon abgeschlossen.',
  demo_only: 'Das geht nur in der Beispielfirma.',
  read_only: 'Das System wird gerade gewartet und nimmt nichts an. Versuchen Sie es in einer Minute noch einmal.',
  unavailable: 'Der Server ist ausgelastet. Versuchen Sie es gleich noch einmal.',
  internal:
    'Bei uns ging etwas schief, geändert wurde nichts. Versuchen Sie es noch einmal; bleibt es so, sagen Sie Ihrer Administration Bescheid.',
  unreachable: 'Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung; Ihr Text bleibt hier erhalten.',
}
const problemTexts = catalogue({ en, de })

const issueTexts = catalogue({
  en: {
    too_small: 'This is missing or too short.',
    too_big: 'This is too long.',
    invalid_type: 'This is missing.',
    invalid_format: 'This does not look right. Check for typing errors.',
    invalid_value: 'Choose one of the values offered.',
    required: 'This is missing.',
    unknown_address: 'Nobody is known by this address.',
  },
  de: {
    too_small: 'Das fehlt oder ist zu kurz.',
    too_big: 'Das ist zu lang.',
    invalid_type: 'Das fehlt.',
    invalid_format: 'Das sieht nicht richtig aus. Bitte auf Tippfehler prüfen.',
    invalid_value: 'Wählen Sie einen der angebotenen Werte.',
    required: 'Das fehlt.',
    unknown_address: 'Unter dieser Adresse ist niemand bekannt.',
  },
})

export function problemText(cause: unknown): string {
  const problem = problemIn(cause)
  // Some refusals name what stands in the way.
  const { names, provider } = problem?.details ?? {}
  return (
    lookUp(problemTexts, problem?.code ?? 'internal', {
      names: Array.isArray(names) ? names.join(', ') : '',
      provider: String(provider ?? ''),
    }) ?? ''
  )
}
/** Refusals of our own rules carry an English sentence that names what is wrong; in German, the rule in general. */
const ownRules: Record<string, string> = {
  missing: 'Das fehlt.',
  already_exists: 'Das gehört schon zu etwas anderem. Wählen Sie etwas anderes.',
  unknown: 'Das gibt es nicht mehr. Wählen Sie etwas anderes.',
  own_address: 'Das ist eine eigene Adresse des Service Desks. Wählen Sie eine andere.',
  free_mail: 'Eine Domain, die allen offensteht: Alle ihre Nutzer kämen dazu. Lassen Sie sie weg.',
  not_staff: 'Nur wer eine Rolle im Service hat, kann Mitglied sein: Geben Sie der Person zuerst eine Rolle.',
  below_itself: 'Nichts kann unter sich selbst stehen. Wählen Sie etwas anderes.',
  not_https: 'Bitte eine https-Adresse: Dorthin gehen Passwörter und Token.',
  not_plain: 'Nur der Aussteller selbst, ohne Namen, Fragezeichen oder Raute.',
  no_way_left: 'Geben Sie zuerst einer Person mit Verwaltungsrolle ein Passwort: Das ist der Weg hinein, wenn der Anbieter ausfällt.',
  not_a_picture: 'Bitte ein PNG-, JPEG- oder WebP-Bild mit höchstens 100 kB.',
  visit_before_start: 'Das Ende liegt vor dem Beginn. Wählen Sie ein späteres Ende.',
  visit_too_long: 'Ein Einsatz dauert höchstens einen Tag. Planen Sie für jeden Tag einen.',
  time_zone_unknown: 'Diese Zeitzone ist nicht bekannt. Wählen Sie eine wie Europe/Berlin.',
  not_of_the_desk: 'Wählen Sie Leute aus dem Team.',
  site_unknown: 'Wählen Sie einen Standort der Organisation, die gefragt hat.',
  visit_reason_missing: 'Schreiben Sie, wer nicht angetroffen wurde oder warum es vergeblich war.',
  visit_too_old: 'Das ist mehr als zwei Tage her. Tippen Sie noch einmal.',
  visit_summary_missing: 'Schreiben Sie erst auf, was gemacht wurde, und lassen Sie dann unterschreiben.',
  signature_missing: 'Unterschreiben Sie, oder stimmen Sie zu, dass der getippte Name gilt.',
  'signature_not-png': 'Die Unterschrift war nicht lesbar. Löschen Sie sie und unterschreiben Sie noch einmal.',
  'signature_too-large': 'Die Unterschrift ist zu groß. Löschen Sie sie und unterschreiben Sie noch einmal.',
  signature_empty: 'Es wurde nichts unterschrieben. Zeichnen Sie, oder tippen Sie stattdessen den Namen.',
}
export const issueText = (issue: Issue): string =>
  lookUp(issueTexts, issue.code) ?? (language() === 'de' ? ownRules[issue.code] : undefined) ?? issue.message

// What a bounce's words mean. Mail servers agree on codes (RFC 3463) far less than one would hope: the words decide
// first, in the order of this table, and the code only where the words say nothing.

import type { BounceReason } from './parsed-mail.ts'

const WORDS: [reason: BounceReason, words: RegExp][] = [
  [
    'rejected',
    /sender (?:address |domain )?(?:reject|denied)|domain of sender address|sender verify fail|invalid sender|#?5\.1\.8\b|send mail as.{0,40}feature|groups\.google\.com|google.{0,12}groups/i,
  ],
  ['rate-limited', /frequency limit/i],
  [
    'policy',
    /5\.7\.0 (?:this message was blocked because its content|our system detected an illegal)|policy reasons|host network not allowed/i,
  ],
  ['not-accepting', /host does not accept mail/i],
  ['network', /dns error: .{0,80}lookup of|network error on destination/i],
  ['on-hold', /address rejected: on hold/i],
  ['system', /address rejected: internal system error/i],
  ['mailer', /pipe to \||\/procmail|command died|command time limit exceeded|x-unix; ?\d/i],
  ['size-limit', /exceeds? (?:the )?limit set by recipient|#?5\.2\.3\b/i],
  ['has-moved', /551 not our|#?5\.1\.6\b/i],
  ['not-compliant', /not rfc ?\d+ compliant|duplicate header|messages with multiple.{0,60}addresses in from/i],
  ['no-reverse-dns', /#?5\.7\.25\b|mismatches client ip|reverse dns validation/i],
  ['virus', /virus|infected|malware|trojan|the message was rejected because it contains prohibited/i],
  [
    'mailbox-full',
    /mailbox (?:is )?(?:full|over|exceed|size limit)|(?:over|exceed(?:ed|s|ing)?)(?: \w+){0,5} (?:quota|storage|mailbox)|quota (?:exceed|full|has been|is full|violat)|insufficient (?:disk )?(?:quota|storage)|(?:user|account|inbox|mail ?box|recipient).{0,40}(?:over ?quota|is full|out of storage|storage limit|reached.{0,20}limit)|not enough (?:storage|disk)|disk quota|overquota|over quota|mail ?folder is full|too much mail data|can't create user output file|boite du destinataire pleine|voll(?:es)? postfach|full mailbox|maildir.{0,15}(?:delivery|over)|would be over the allowed|#?[45]\.2\.2\b|mbxfull|maildirectory/i,
  ],
  [
    'too-large',
    /(?:message|mail|size).{0,40}(?:too (?:large|big|long)|exceed(?:s|ed)?.{0,30}(?:limit|size|maximum|fixed))|maximum (?:allowed )?(?:message )?size|exceeded maximum inbound message size|message size limit|max message size|too big|#?[45]\.3\.4\b/i,
  ],
  [
    'suspended',
    /(?:mailbox|account|user|recipient|address|mail-?box).{0,60}(?:suspend|disabled|deactivated|inactive|not active|closed|locked|frozen|currently suspended|has been blocked|expired)|(?:disabled|inactive|suspended|locked|deactivated)(?: (?:mailbox|account|user|recipient|e-?mail))|email account that you tried to reach is (?:disabled|inactive)|is not accepting any mail|boite du destinataire archivee|#?5\.2\.1 .{0,40}disabled|account (?:is )?inactive|sorry your message to .{0,60}account.{0,20}(?:disabled|discontinued)/i,
  ],
  [
    'has-moved',
    /(?:has been|was) replaced by|(?:address|user|mailbox).{0,40}(?:has (?:been )?(?:moved|changed)|moved to)|no longer (?:at|with|using) this address.{0,40}(?:new|moved)|#?5\.1\.6\b|new address/i,
  ],
  [
    'no-relaying',
    /relay(?:ing)? (?:access )?(?:denied|not (?:permitted|allowed)|prohibited)|unable to relay|not permitted to relay|relaying denied|no relaying|insecure mail relay|we do not relay|not a gateway|mail server requires authentication when attempting to send|are not authorized to relay|local mailbox .{0,60}relay/i,
  ],
  [
    'authentication',
    /\bdmarc\b|\bdkim\b.{0,60}(?:fail|invalid|not pass|unsigned|did not)|\bspf\b|sender policy framework|unauthenticated (?:email|mail)|is not (?:allowed|authorized) to send|domain owner.{0,20}policy|authentication (?:checks|results)|#?5\.7\.(?:2[0-9]|3[0-2])\b|#?[45]\.7\.26/i,
  ],
  [
    'no-reverse-dns',
    /reverse dns|\bptr\b|(?:cannot|unable to|can't) (?:find|resolve|get).{0,30}(?:host ?name|address)|(?:hostname|reverse) lookup|no rdns|missing reverse|cannot resolve your address|does not resolve|resolve.{0,20}(?:your|client)|unresolvable (?:hostname|relay)|#?[45]\.7\.25\b|domain name not found.{0,20}helo|fix reverse/i,
  ],
  [
    'rate-limited',
    /too many (?:connection|message|recipient|errors|concurrent|smtp|invalid|mails|emails|retr)|(?:connection|rate|sending) (?:rate )?(?:limit|exceed)|maximum (?:parallel|number of) connections|throttl|deferred due to (?:unexpected|user)|rate[- ]?limit|receiving mail at a rate|exceeded.{0,30}(?:rate|connections|per hour)|connections? (?:from|per).{0,40}exceed|temporarily deferred due|all available ips|quota for the number|greatly exceeds/i,
  ],
  [
    'spam',
    /\bspam\b|spammy|content rejected, ube|\bube\b|unsolicited|bulk e?mail|blacklist(?:ed)? url|junk mail|looks like (?:spam|uce)|content filter.{0,40}spam|considered (?:spam|unsolicited)|rejected by (?:an )?anti-?spam|spamassassin|bayesian|uce (?:policy|detected)|scored? .{0,20}spam|cloudmark|rule imposed mailbox access|message (?:was )?filtered.{0,40}refer|high probability of spam|probable spam/i,
  ],
  [
    'blocked',
    /(?:blocked|blacklist|block list|blocklist|black ?listed|dnsbl|rbl\b|spamhaus|spamcop|barracuda|sorbs|mapsrbl|bl\.)|\b(?:client|connection|ip|host|server)\b.{0,50}(?:refused|rejected|denied|banned|blocked|dropped|not allowed|reputation)|poor reputation|access (?:from .{0,40} )?denied.{0,30}(?:ip|host|client)|bad helo|invalid helo|dynamic.{0,20}(?:ip|address)|your ip|no access from mail server|connection (?:refused|dropped).{0,20}(?:by|due)|you are not allowed to connect|helo command rejected|low reputation/i,
  ],
  [
    'host-unknown',
    /(?:host|domain)(?: name)?.{0,20}(?:unknown|not found|does not exist|cannot be found|lookup did not)|unknown (?:host|domain)|name or service not known|no such (?:host|domain)|host or domain name not found|unrouteable (?:mail )?domain|domain .{0,80}(?:does not exist|not found|is not (?:reachable|valid)|invalid)|recipient address rejected: (?:unknown|non-exist).{0,10}domain|address couldn't be found.{0,10}domain|couldn't find any host|can't (?:find|resolve) .{0,20}(?:host|domain)|invalid domain|nullmx.{0,5}unknown|non-?existent domain|nxdomain|illegal host|mail domain mentioned in email address is unknown|badhost|#?5\.1\.2\b/i,
  ],
  [
    'not-accepting',
    /nullmx|null mx|does not accept (?:mail|e-?mail)|not (?:currently )?accept(?:ing)? (?:mail|any mail|e-?mail|messages)|smtp protocol returned a permanent error|mail receiving disabled|host.{0,60}not accept|is not accepting|no mx record found|no mail server|#?5\.7\.27\b/i,
  ],
  [
    'filtered',
    /(?:rejected|refused|blocked|bounced) (?:by|at) (?:the )?(?:recipient|user|addressee)|recipient (?:address )?(?:is )?(?:not accept|refus|filter|rejected your)|due to extended inactivity|user reject|has been filtered|(?:message|mail).{0,20}filter(?:ed)?\b|we failed to deliver mail because.{0,80}(?:refuse|not allowed)|because the recipient is only accepting|does not accept.{0,40}from you|sender is (?:not )?(?:allowed|in)|not accepted by|filtering|account does not exist.{0,10}or|whitelist|this account is protected by|is_not_allowed|rejected for policy reasons by the recipient|you have been blocked by the recipient|user refuses|resolver\.rst|delivery restriction|recipient'?s? (?:mailbox )?(?:prefs|preferences)/i,
  ],
  [
    'user-unknown',
    /user (?:\S+ )?(?:unknown|not (?:known|found|exist|local|listed)|doesn'?t (?:exist|have)|does not (?:exist|have)|invalid)|(?:unknown|invalid|no such|non-?existent|bad|undeliverable|unrouteable|illegal) (?:local[ -]?part|user|recipient|mailbox|account|person|address|alias|to address|destination|addressee|virtual|rcpt)|(?:mailbox|recipient|account|address|addressee|email|e-mail|user|alias|destination|inbox)[^.\n]{0,80}(?:unknown|not (?:be )?found|not exist|doesn'?t exist|does not exist|unavailable|not available|not (?:a )?valid|invalid|no longer|not known|undeliverable|isn'?t|not listed|could(?:n'?t| not) be found|not our customer|not recognized|not have an? )|not (?:a valid|known|listed|found|our customer|our user)|doesn'?t have an? .{0,40}account|no (?:such|mailbox|account|valid recipient|user|one)|there is no (?:user|one|such)|this address no longer|does ?not (?:exist|have)|has no mailbox|unknown (?:in|to|or)|sorry,? (?:no|i couldn)|not in (?:my|our|directory|the)|#?5\.1\.[01]\b|vdeliver|adresse? (?:d[eu]|inconnue)|benutzer (?:unbekannt|existiert)|empfänger.{0,40}(?:unbekannt|nicht gefunden|existiert)|nicht gefunden|550[ -]?\S* unknown|can't accept user|resolver\.adr/i,
  ],
  [
    'not-compliant',
    /not (?:rfc|in compliance).{0,10}[0-9]{3,4}|(?:multiple|duplicate|missing|bare|invalid).{0,15}(?:header|from:|line feed|<?lf>?)|not (?:rfc|compliant)|message not rfc|bare (?:lf|carriage)|this message is not/i,
  ],
  [
    'security',
    /\btls\b|starttls|ssl|certificate|(?:authentication|authorization|auth) (?:required|fail|error|credential)|not authori[sz]ed|security|encryption|unauthorized|authenticat|account not subscribed to ses|email address is not verified|phishing|executable|attachment.{0,30}(?:type|block|forbidden|prohibited)|file type|#?5\.7\.[6-9]\b/i,
  ],
  [
    'policy',
    /polic(?:y|ies)|prohibited|not permitted|forbidden|delivery not authorized|administrative(?:ly)? (?:prohib|reject)|access denied|protocol violation|closed mailing list|you are not allowed to post|by administrator|#?5\.7\.1\b/i,
  ],
  [
    'content',
    /content|header.{0,20}(?:not allowed|reject|error)|improper use of 8-bit|mime|attachment|body.{0,20}(?:reject|not)|message (?:rejected|contains)|dos attack/i,
  ],
  [
    'rejected',
    /sender (?:address |domain |verify |is )?(?:reject|denied|unknown|not|block|invalid|verif)|(?:mail|envelope) from|access denied|domain of sender|from (?:address|domain)|<> invalid sender|rule imposed|message has been rejected|unable to verify.{0,20}sender|verify failed for sender|sender'?s|#?5\.1\.[78]\b|#?[45]\.7\.1\b/i,
  ],
  [
    'expired',
    /(?:delivery|queue|message|retry).{0,30}(?:time(?:d)?[ -]?(?:out|limit|expired)|expired|too long|has been queue)|expired|could not be delivered (?:for|within|after)|time limit exceeded|maximum retry|retry (?:time|timeout)|giving up|(?:delayed|still being retried|will (?:be |continue )?(?:re)?tr(?:y|ied))|not (?:been )?delivered (?:within|after|for)|was not reachable|unable to deliver message after|#?[45]\.4\.7\b|delay reason/i,
  ],
  [
    'network',
    /connect(?:ion)?.{0,40}(?:timed? ?out|refused|reset|lost|closed|fail|interrupted|not)|no route to host|network (?:is )?unreachable|host (?:is )?(?:down|unreachable|did not respond)|(?:mail )?loop|too many hops|hop count|routing (?:loop|error)|dns (?:error|server|problem|lookup|soft|hard)|name ?server|unable to connect|could(?:n'?t| not) connect|establish.{0,20}connection|mx (?:record|host)|mail for .{0,60}loops back|mail forwarding loop|timed? ?out|temporary.{0,20}(?:dns|lookup|name)|#?[45]\.4\.[0-9]+\b/i,
  ],
  ['system-full', /mail system full|#?[45]\.3\.1\b|insufficient system (?:storage|resources)/i],
  [
    'mailer',
    /command (?:failed|died|output|time limit)|mailer error|pipe(?:d)? (?:to|command|\()|procmail|maildrop|x-unix|exit (?:code|status)|\bbin\/|local delivery failed|program failure/i,
  ],
  [
    'system',
    /system (?:error|config|not)|internal (?:error|server)|server (?:error|config)|local (?:error|configuration)|temporary (?:failure|error|problem)|can't (?:create|open|exec)|unable to (?:use|process)|failed to (?:write|create)|operating system error|malformed|queue file|service (?:unavailable|not available)|timeout waiting|unexpected failure|#?[45]\.3\.[05]\b/i,
  ],
  ['user-unknown', /(?:address|recipient) rejected|user invalid/i],
  ['rejected', /^.{0,40}\b(?:550|554)[ -](?:5\.\d\.\d )?rejected/i],
  [
    'syntax',
    /syntax error|command unrecognized|unrecognized command|unimplemented|bad sequence|(?:500|501|502|503|504) |out of sequence|need (?:rcpt|mail)|#?5\.5\.[0-4]\b/i,
  ],
]

const CODES: [code: RegExp, reason: BounceReason][] = [
  [/^5\.1\.[013]$/, 'user-unknown'],
  [/^[45]\.1\.2$/, 'host-unknown'],
  [/^[45]\.1\.6$/, 'has-moved'],
  [/^[45]\.1\.[78]$/, 'rejected'],
  [/^5\.1\.10$/, 'user-unknown'],
  [/^[45]\.2\.0$/, 'filtered'],
  [/^[45]\.2\.1$/, 'suspended'],
  [/^[45]\.2\.2$/, 'mailbox-full'],
  [/^[45]\.2\.3$/, 'size-limit'],
  [/^[45]\.2\.4$/, 'filtered'],
  [/^[45]\.3\.1$/, 'system-full'],
  [/^[45]\.3\.4$/, 'too-large'],
  [/^[45]\.3\./, 'system'],
  [/^[45]\.4\.7$/, 'expired'],
  [/^[45]\.4\./, 'network'],
  [/^[45]\.5\./, 'syntax'],
  [/^[45]\.6\./, 'content'],
  [/^[45]\.7\.1$/, 'policy'],
  [/^[45]\.7\./, 'security'],
]

/** The reason behind one recipient's failure. */
export function bounceReason(diagnostic: string, status: string): BounceReason {
  const words = `${diagnostic.slice(0, 4000).replace(/\s+/g, ' ')} #${status}`
  for (const [reason, pattern] of WORDS) if (pattern.test(words)) return reason
  for (const [pattern, reason] of CODES) if (pattern.test(status)) return reason
  return 'undefined'
}

/** Will writing to this address again fail again? A full mailbox or a refusal may pass; a missing user does not. */
export const isHard = (reason: BounceReason, status: string): boolean =>
  (reason === 'user-unknown' || reason === 'host-unknown' || reason === 'has-moved' || reason === 'not-accepting') &&
  !status.startsWith('4.')

import type { HealthCheck } from '../../../contract/desk.ts'

/** What the world may believe of mail from one of our domains: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489). Pure. */
export type Answer = { records: string[] } | { error: string }
export type DomainAnswers = { domain: string; mx: Answer; txt: Answer; dmarc: Answer; dkim: { selector: string; answer: Answer }[] }

/** Names under which the usual providers and mail servers publish their keys; which one signs only a sent mail tells. */
export const usualSelectors = ['default', 'dkim', 'mail', 'google', 'selector1', 'selector2', 's1', 's2', 'k1', 'k2', 'mx', 'smtp']

const check = (
  key: string,
  state: HealthCheck['state'],
  message: string,
  remedy: string,
  figures: HealthCheck['figures'],
): HealthCheck => ({ key, state, message, remedy, figures })
const recordsOf = (answer: Answer): string[] => ('records' in answer ? answer.records : [])
/** No such name, or no record of the kind: an answer. Anything else: we do not know. */
const isUnknown = (answer: Answer): boolean => 'error' in answer && !/ENOTFOUND|ENODATA/.test(answer.error)

export function judgeDomain({ domain, mx, txt, dmarc, dkim }: DomainAnswers): HealthCheck[] {
  if (isUnknown(mx) && isUnknown(txt) && isUnknown(dmarc))
    return [
      check(
        'domain.no-dns',
        'warning',
        `The name server does not answer for ${domain}.`,
        'Check the network and the name server of this machine, then run this again.',
        { domain },
      ),
    ]
  return [judgeMx(domain, mx), judgeSpf(domain, txt), judgeDkim(domain, dkim), judgeDmarc(domain, dmarc)]
}

const judgeMx = (domain: string, mx: Answer): HealthCheck =>
  recordsOf(mx).length > 0
    ? check('domain.mx', 'good', `Mail for ${domain} has a place to go.`, '', { domain, mx: recordsOf(mx).join(', ') })
    : check(
        'domain.no-mx',
        'warning',
        `${domain} has no MX record: answers to our mail may find no way back.`,
        'Publish an MX record that names the server which takes mail for it.',
        { domain },
      )

function judgeSpf(domain: string, txt: Answer): HealthCheck {
  const found = recordsOf(txt).filter((record) => /^v=spf1(\s|$)/i.test(record))
  const figures = { domain, record: found[0] ?? null }
  if (found.length === 0)
    return check(
      'domain.no-spf',
      'bad',
      `${domain} has no SPF record: many will take our mail for spam.`,
      'Publish a TXT record like: v=spf1 include:your-provider.example -all',
      figures,
    )
  if (found.length > 1)
    return check('domain.two-spf', 'bad', `${domain} has ${found.length} SPF records: then none counts.`, 'Join them into one.', figures)
  if (/[\s+]\+?all\b/i.test(found[0]!) && !/[-~?]all\b/i.test(found[0]!))
    return check(
      'domain.open-spf',
      'bad',
      `The SPF record of ${domain} allows the whole world to send in its name.`,
      'End it in -all or ~all.',
      figures,
    )
  return check('domain.spf', 'good', `${domain} says who sends its mail (SPF).`, '', figures)
}

function judgeDkim(domain: string, asked: DomainAnswers['dkim']): HealthCheck {
  const found = asked.find(({ answer }) => recordsOf(answer).some((record) => /(^|;)\s*p=[A-Za-z0-9+/]/.test(record)))
  if (found) return check('domain.dkim', 'good', `${domain} publishes a DKIM key.`, '', { domain, selector: found.selector })
  return check(
    'domain.no-dkim',
    'warning',
    `No DKIM key of ${domain} was found under the usual names.`,
    'Switch DKIM on at the provider that sends your mail (SMTP_URL). If it signs under another name, all is well: look for "dkim=pass" in a mail that arrived.',
    { domain },
  )
}

function judgeDmarc(domain: string, dmarc: Answer): HealthCheck {
  const found = recordsOf(dmarc).filter((record) => /^v=DMARC1\b/i.test(record))
  const policy = /(?:^|;)\s*p=(\w+)/i.exec(found[0] ?? '')?.[1]?.toLowerCase() ?? null
  if (found.length !== 1 || policy === null)
    return check(
      'domain.no-dmarc',
      'warning',
      `${domain} has no valid DMARC record.`,
      `Publish a TXT record at _dmarc.${domain}, to begin with: v=DMARC1; p=none; rua=mailto:you@${domain}`,
      { domain },
    )
  return check('domain.dmarc', 'good', `${domain} says what is to be done with forged mail (DMARC).`, '', { domain, policy })
}

import { IconFileText, IconShoppingCart, IconStarFilled } from '@tabler/icons-react'
import type { Standing } from '../../../contract/customers.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Fact, Facts } from '../../ui/Panel.tsx'
import { mapOf } from '../visits/windows.ts'
import styles from './Customers.module.css'
import { customerTexts } from './texts.ts'

export const telOf = (number: string) => `tel:${number.replace(/[^+\d]/g, '')}`

/** What everybody must mind; never shown to the customer. */
export function MustKnow({ standing }: { standing: Pick<Standing, 'person' | 'organisation'> }) {
  const t = useTexts(customerTexts)
  const lines = [standing.person.specialHandling, standing.organisation?.specialHandling].filter((line): line is string => !!line)
  if (lines.length === 0) return null
  return (
    <section className={styles.special} aria-label={t('mustKnow')}>
      <strong>
        <IconStarFilled size={12} /> {t('mustKnow')}
      </strong>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </section>
  )
}

export function OrderLine({ standing: { order, approves } }: { standing: Pick<Standing, 'order' | 'approves'> }) {
  const t = useTexts(customerTexts)
  const words = () => {
    if (order.answer === 'may') return order.limit ? t('mayOrderUpTo', { limit: order.limit }) : t('mayOrder')
    return order.answer === 'unsaid' ? t('unsaidOrder') : t('mayNotOrder', { names: order.ask.map((one) => one.name).join(', ') })
  }
  return (
    <div className={styles.order}>
      <IconShoppingCart size={15} />
      <span className={order.answer === 'unsaid' ? 'dim' : undefined}>
        {words()}
        {approves && ` · ${t('mayApprove')}`}
      </span>
    </div>
  )
}

/** Main contact, who looks after it, how one gets in. */
export function StandingFacts({ standing: { mainContact, inCharge, site } }: { standing: Standing }) {
  const t = useTexts(customerTexts)
  return (
    <Facts>
      <Fact name={t('mainContact')}>
        {mainContact && (
          <span className={styles.stack}>
            {mainContact.name}
            {mainContact.phones[0] && <a href={telOf(mainContact.phones[0].number)}>{mainContact.phones[0].number}</a>}
          </span>
        )}
      </Fact>
      <Fact name={t('charge')}>{inCharge?.name}</Fact>
      <Fact name={t('site')}>
        {site && (
          <>
            {site.name}
            {site.address && (
              <>
                {' · '}
                <a href={mapOf(site.address)} target="_blank" rel="noreferrer">
                  {t('map')}
                </a>
              </>
            )}
          </>
        )}
      </Fact>
      <Fact name={t('opening')}>{site?.opening && <span className={styles.prose}>{site.opening}</span>}</Fact>
      <Fact name={t('access')}>{site?.accessNote && <span className={styles.prose}>{site.accessNote}</span>}</Fact>
    </Facts>
  )
}

export const PinnedFiles = ({ documents }: Pick<Standing, 'documents'>) =>
  documents.length === 0 ? null : (
    <div className={styles.files}>
      {documents.map((one) => (
        <a key={one.id} href={`/api/document-files/${one.fileId}`} download={one.name}>
          <IconFileText size={15} /> {one.title}
        </a>
      ))}
    </div>
  )

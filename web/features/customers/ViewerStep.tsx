import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { useMay } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import type { Option } from '../../ui/Fields.tsx'
import { PersonName } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { MemberPick } from './ContactSheet.tsx'
import styles from './Customers.module.css'
import { pathTexts } from './path-texts.ts'
import { customerRenews } from './renewal.ts'
import type { StepProps } from './step.ts'

/** Who of them sees all their tickets in the portal: a role, so only who gives roles may say it. */
export function ViewerStep({ organisation, path }: StepProps) {
  const t = useTexts(pathTexts)
  const mayGrant = useMay('grant.give')
  const [person, setPerson] = useState<Option | null>(null)
  const give = useSend('POST /api/people/:id/grants', {
    renews: customerRenews,
    onDone: ({ name }) => {
      setPerson(null)
      toast(t('viewGiven', { name }))
    },
    onProblem: toastProblem,
  })
  return (
    <Section title={t('viewers')}>
      {path.viewers.length === 0 && <p className="dim small">{t('noViewers')}</p>}
      {path.viewers.length > 0 && (
        <ul className={styles.rows}>
          {path.viewers.map((viewer) => (
            <li key={viewer.id}>
              <PersonName person={viewer} />
            </li>
          ))}
        </ul>
      )}
      {mayGrant ? (
        <>
          <MemberPick organisationId={organisation.id} label={t('viewer')} value={person} onChange={setPerson} />
          <div>
            <Button
              disabled={!person}
              busy={give.isPending}
              onClick={() =>
                person &&
                give.mutate({ params: { id: person.value }, body: { role: 'organisation-viewer', organisationId: organisation.id } })
              }
            >
              {t('giveView')}
            </Button>
          </div>
        </>
      ) : (
        <p className="dim small">{t('noGrantRight')}</p>
      )}
    </Section>
  )
}

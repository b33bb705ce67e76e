import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, TagsField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import styles from './Customers.module.css'
import { Joining, useJoining } from './Joining.tsx'
import { asDomains } from './NewCustomerPage.tsx'
import { pathTexts } from './path-texts.ts'
import { customerRenews } from './renewal.ts'
import type { StepProps } from './step.ts'

const renews = [
  ...customerRenews,
  'GET /api/organisations/:id',
  'GET /api/organisations',
  'GET /api/organisations/joining',
  'GET /api/people',
] as const

export function DomainStep({ organisation }: StepProps) {
  const t = useTexts(pathTexts)
  const form = useForm({ domains: organisation.domains })
  const joining = useJoining(form.values.domains, organisation.id)
  const changed = form.values.domains.join() !== organisation.domains.join()
  const save = useSend('PATCH /api/organisations/:id', { renews, onDone: () => void toast(t('saved')), onProblem: form.take })
  const join = useSend('POST /api/organisations/:id/join', {
    renews,
    onDone: ({ joined }) => void toast(t('joined', { count: joined })),
    onProblem: toastProblem,
  })
  const people = joining?.joins.map((one) => one.id) ?? []
  return (
    <Section>
      <TagsField
        label={t('domains')}
        hint={t('domainsHint')}
        {...form.value('domains')}
        onChange={(typed) => form.set('domains', asDomains(typed))}
      />
      {joining && form.values.domains.length > 0 && <Joining joining={joining} />}
      <FormProblem text={form.problem} />
      <div className={styles.ends}>
        {changed ? (
          <Button
            look="main"
            busy={save.isPending}
            onClick={() => save.mutate({ params: { id: organisation.id }, ifMatch: organisation.version, body: form.values })}
          >
            {t('save')}
          </Button>
        ) : (
          people.length > 0 && (
            <Button
              look="main"
              busy={join.isPending}
              onClick={() => join.mutate({ params: { id: organisation.id }, body: { personIds: people } })}
            >
              {t('join', { count: people.length })}
            </Button>
          )
        )}
      </div>
    </Section>
  )
}

import { IconArrowLeft } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { SyntheticEvent } from 'react'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { useCompany } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Buttons } from '../../ui/Dialog.tsx'
import { FormProblem, TagsField, TextField } from '../../ui/Fields.tsx'
import { Page, Section } from '../../ui/Page.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import styles from '../people/People.module.css'
import { useOrganisationWords } from '../people/words.ts'
import { Joining, useJoining } from './Joining.tsx'
import { pathTexts } from './path-texts.ts'
import { customerRenews } from './renewal.ts'

export const asDomains = (typed: readonly string[]) => typed.map((one) => one.replace(/^.*@/, '').toLowerCase())

/** The beginning of the path: a name, and who belongs to it. From then on all is kept. */
export function NewCustomerPage() {
  const t = useTexts(pathTexts)
  const words = useOrganisationWords()
  const navigate = useNavigate()
  const title = t(useCompany()?.supports === 'customers' ? 'newCustomer' : 'newOwn')
  const form = useForm({ name: '', domains: [] as string[] })
  const joining = useJoining(form.values.domains)
  const begin = useSend('POST /api/organisations/:id/path', {
    renews: customerRenews,
    onDone: ({ organisation }) => void navigate({ to: '/organisations/$organisationId/path', params: { organisationId: organisation.id } }),
    onProblem: toastProblem,
  })
  const add = useSend('POST /api/organisations', {
    renews: ['GET /api/organisations'],
    onDone: ({ id }) => begin.mutate({ params: { id } }),
    onProblem: form.take,
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    add.mutate({ body: form.values })
  }
  return (
    <Page
      title={title}
      lead={t('newLead')}
      width="narrow"
      back={
        <Link to="/organisations" className={styles.back}>
          <IconArrowLeft size={14} />
          {words('back')}
        </Link>
      }
    >
      <form className="stack" onSubmit={submit} noValidate>
        <Section>
          <TextField label={t('name')} required autoFocus {...form.text('name')} />
          <TagsField
            label={t('domains')}
            hint={t('domainsHint')}
            {...form.value('domains')}
            onChange={(typed) => form.set('domains', asDomains(typed))}
          />
          {joining && form.values.domains.length > 0 && <Joining joining={joining} />}
        </Section>
        <FormProblem text={form.problem} />
        <Buttons>
          <Button look="main" type="submit" busy={add.isPending || begin.isPending}>
            {t('begin')}
          </Button>
        </Buttons>
      </form>
    </Page>
  )
}

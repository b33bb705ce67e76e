import { IconTrash } from '@tabler/icons-react'
import type { CustomerContact } from '../../../contract/customers.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { changesOf, useOtherChange } from '../../kernel/other-change.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { CheckField, FieldSet, type Option, TextArea, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { PickField } from '../../ui/PickField.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { customerRenews } from './renewal.ts'
import { customerTexts } from './texts.ts'

const roles = ['main', 'technical', 'billing', 'security'] as const
type Role = (typeof roles)[number]
type Values = { roles: Role[]; orders: boolean; orderLimit: string; approves: boolean; note: string }
const valuesOf = ({ roles: of, orders, orderLimit, approves, note }: CustomerContact): Values => ({
  roles: of,
  orders,
  orderLimit,
  approves,
  note,
})

type Props = { organisationId: string; contact?: CustomerContact; first: boolean; onClose: () => void }

export function ContactSheet({ organisationId, contact, first, onClose }: Props) {
  const t = useTexts(customerTexts)
  const start: Values = contact
    ? valuesOf(contact)
    : { roles: first ? ['main'] : [], orders: false, orderLimit: '', approves: false, note: '' }
  const form = useForm<Values & { personId: Option | null }>({ personId: null, ...start })
  const change = useOtherChange(contact, (one) => ({ personId: null, ...valuesOf(one) }), form)
  const [confirm, question] = useConfirm()
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const add = useSend('POST /api/organisations/:id/contacts', { renews: customerRenews, onDone, onProblem: form.take })
  const edit = useSend('PATCH /api/contacts/:id', { renews: customerRenews, onDone, onProblem: change.take })
  const remove = useSend('DELETE /api/contacts/:id', {
    renews: customerRenews,
    onDone: () => {
      toast(t('removed', { name: contact?.person.name ?? '' }))
      onClose()
    },
    onProblem: toastProblem,
  })
  const save = () => {
    const { personId, ...values } = form.values
    if (contact)
      edit.mutate({ params: { id: contact.id }, ifMatch: change.version, body: changesOf(valuesOf(change.stored ?? contact), values) })
    else add.mutate({ params: { id: organisationId }, body: { personId: personId?.value ?? '', ...values } })
  }
  const ask = async () => {
    const name = contact?.person.name ?? ''
    if (
      contact &&
      (await confirm({ title: t('removeContactTitle', { name }), text: t('removeContactText'), action: t('remove'), danger: true }))
    )
      remove.mutate({ params: { id: contact.id } })
  }
  const labels = {
    personId: t('person'),
    roles: t('roles'),
    orders: t('orders'),
    orderLimit: t('orderLimit'),
    approves: t('approves'),
    note: t('note'),
  }
  return (
    <FormSheet
      title={contact ? contact.person.name : t('newContact')}
      wide={false}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={labels} />
      {!contact && <MemberPick organisationId={organisationId} label={t('person')} hint={t('personHint')} {...form.value('personId')} />}
      <ManyField
        label={t('roles')}
        options={roles.map((role) => ({ value: role, label: t(`role_${role}`) }))}
        value={form.values.roles.map((role) => ({ value: role, label: t(`role_${role}`) }))}
        onChange={(picked) => form.set('roles', picked.map((one) => one.value) as Role[])}
        error={form.errors.roles}
      />
      <FieldSet title={t('mayWhat')}>
        <CheckField label={t('orders')} {...form.check('orders')} />
        {form.values.orders && <TextField label={t('orderLimit')} hint={t('orderLimitHint')} {...form.text('orderLimit')} />}
        <CheckField label={t('approves')} hint={t('approvesHint')} {...form.check('approves')} />
      </FieldSet>
      <TextArea label={t('note')} {...form.text('note')} />
      {contact && (
        <div>
          <Button icon={<IconTrash size={16} />} onClick={() => void ask()} busy={remove.isPending}>
            {t('remove')}
          </Button>
        </div>
      )}
      {question}
    </FormSheet>
  )
}

type Pick = {
  organisationId: string
  label: string
  hint?: string
  value: Option | null
  error?: string | undefined
  onChange: (picked: Option | null) => void
}

function useMembers(typed: string, organisationId = '') {
  const { data, isFetching } = useCall('GET /api/people', { query: { q: typed, organisationId, limit: 20 } }, { keep: true })
  return { options: data?.items.map((p) => ({ value: p.id, label: p.email ? `${p.name} (${p.email})` : p.name })), searching: isFetching }
}
/** Somebody of this organisation. */
export const MemberPick = ({ organisationId, ...rest }: Pick) => <PickField useOptions={useMembers} about={organisationId} {...rest} />

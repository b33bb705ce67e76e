import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { CustomerCharge } from '../../../contract/customers.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useOtherChange } from '../../kernel/other-change.ts'
import { useSend } from '../../kernel/query.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { FieldSet, type Option, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { Section } from '../../ui/Page.tsx'
import { Fact, Facts } from '../../ui/Panel.tsx'
import { toast } from '../../ui/Toast.tsx'
import { optionOf, PersonPick, TeamPick } from '../people/picks.tsx'
import styles from './Customers.module.css'
import { customerRenews } from './renewal.ts'
import { customerTexts } from './texts.ts'

type Props = { organisationId: string; charge: CustomerCharge; mayEdit: boolean }

/** Whom of us one asks about this customer, and how others call it. */
export function ChargeBox({ organisationId, charge, mayEdit }: Props) {
  const t = useTexts(customerTexts)
  const [editing, setEditing] = useState(false)
  const { inCharge, deputy, team, otherNumbers } = charge
  const nobody = !inCharge && !deputy && !team && otherNumbers.length === 0
  return (
    <Section
      title={t('charge')}
      actions={mayEdit && <IconButton label={t('changeCharge')} icon={<IconPencil size={16} />} onClick={() => setEditing(true)} />}
    >
      {nobody && <p className="dim small">{t('noCharge')}</p>}
      <Facts>
        <Fact name={t('inCharge')}>{inCharge?.name}</Fact>
        <Fact name={t('deputy')}>{deputy?.name}</Fact>
        <Fact name={t('team')}>{team?.name}</Fact>
        {otherNumbers.map((one) => (
          <Fact key={`${one.system} ${one.number}`} name={one.system}>
            {one.link ? (
              <a href={one.link} target="_blank" rel="noreferrer">
                {one.number}
              </a>
            ) : (
              one.number
            )}
          </Fact>
        ))}
      </Facts>
      {editing && <ChargeSheet organisationId={organisationId} charge={charge} onClose={() => setEditing(false)} />}
    </Section>
  )
}

type Values = { inChargeId: Option | null; deputyId: Option | null; teamId: Option | null; otherNumbers: CustomerCharge['otherNumbers'] }
const valuesOf = ({ inCharge, deputy, team, otherNumbers }: CustomerCharge): Values => ({
  inChargeId: optionOf(inCharge),
  deputyId: optionOf(deputy),
  teamId: optionOf(team),
  otherNumbers,
})

function ChargeSheet({ organisationId, charge, onClose }: { organisationId: string; charge: CustomerCharge; onClose: () => void }) {
  const t = useTexts(customerTexts)
  const form = useForm<Values>(valuesOf(charge))
  const change = useOtherChange(charge, valuesOf, form)
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const save = useSend('PATCH /api/organisations/:id/customer', { renews: customerRenews, onDone, onProblem: change.take })
  const { inChargeId, deputyId, teamId, otherNumbers } = form.values
  const submit = () =>
    save.mutate({
      params: { id: organisationId },
      ifMatch: change.version,
      body: {
        inChargeId: inChargeId?.value ?? null,
        deputyId: deputyId?.value ?? null,
        teamId: teamId?.value ?? null,
        otherNumbers: otherNumbers.filter((one) => one.system !== '' || one.number !== ''),
      },
    })
  const set = (at: number, part: Partial<Values['otherNumbers'][number]>) =>
    form.set(
      'otherNumbers',
      otherNumbers.map((one, i) => (i === at ? { ...one, ...part } : one)),
    )
  return (
    <FormSheet
      title={t('changeCharge')}
      busy={save.isPending}
      problem={form.problem}
      values={form.values}
      onSave={submit}
      onClose={onClose}
    >
      <OtherChange
        change={change}
        form={form}
        labels={{ inChargeId: t('inCharge'), deputyId: t('deputy'), teamId: t('team'), otherNumbers: t('otherNumbers') }}
      />
      <PersonPick staff label={t('inCharge')} {...form.value('inChargeId')} />
      <PersonPick staff label={t('deputy')} {...form.value('deputyId')} />
      <TeamPick label={t('team')} {...form.value('teamId')} />
      <FieldSet title={t('otherNumbers')} hint={t('otherNumbersHint')}>
        {otherNumbers.map((one, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other name while it is typed
          <div key={i} className={styles.numberRow}>
            <TextField label={t('system')} value={one.system} onChange={(event) => set(i, { system: event.currentTarget.value })} />
            <TextField label={t('number')} value={one.number} onChange={(event) => set(i, { number: event.currentTarget.value })} />
            <TextField label={t('link')} value={one.link} onChange={(event) => set(i, { link: event.currentTarget.value })} />
            <IconButton
              label={t('removeNumber')}
              icon={<IconTrash size={16} />}
              onClick={() =>
                form.set(
                  'otherNumbers',
                  otherNumbers.filter((_, at) => at !== i),
                )
              }
            />
          </div>
        ))}
        {form.errors.otherNumbers && <p className={styles.bad}>{form.errors.otherNumbers}</p>}
        <div>
          <Button onClick={() => form.set('otherNumbers', [...otherNumbers, { system: '', number: '', link: '' }])}>
            {t('addNumber')}
          </Button>
        </div>
      </FieldSet>
    </FormSheet>
  )
}

import { useState } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'
import type { Visit } from '../../../contract/visits.ts'
import { problemIn } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { CheckField, FieldRow, NumberField, type Option, SelectField, TextArea, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { Loading } from '../../ui/States.tsx'
import { toast } from '../../ui/Toast.tsx'
import { visitTexts } from './texts.ts'
import styles from './Visits.module.css'
import { instantIn, wallIn } from './wall.ts'
import { useWindowWords } from './windows.ts'

type About = { id: string; subject: string; organisationId: string | null; assignee: { id: string; name: string } | null }
type Props = { ticket: Ticket; onClose: () => void }
const renews = ['GET /api/tickets/:id/visits', 'GET /api/visits', 'GET /api/visits/:id', 'GET /api/tickets/:id/timeline'] as const
const elsewhere = ''

export function PlanSheet({ ticket, onClose }: Props) {
  const me = useMe()
  const goes = ticket.assignee ?? { id: me.id, name: me.name }
  const { data } = useCall('GET /api/tickets/:id/visits/windows', { params: { id: ticket.id }, query: { people: goes.id } })
  if (!data) return <Loading />
  const about = { id: ticket.id, subject: ticket.subject, organisationId: ticket.organisation?.id ?? null, assignee: goes }
  const first = data.items[0]
  return <Sheet about={about} place={data} {...(first ? { first } : {})} onClose={onClose} />
}

/** The same form, for a visit that is planned already. */
export function ChangeSheet({ visit, onClose }: { visit: Visit; onClose: () => void }) {
  const about = { id: visit.ticket.id, subject: visit.ticket.subject, organisationId: visit.organisation?.id ?? null, assignee: null }
  return <Sheet about={about} visit={visit} place={visit} first={visit} onClose={onClose} />
}

type Place = Pick<Visit, 'site' | 'address' | 'accessNote' | 'timeZone' | 'contact'>
function valuesOf(about: About, place: Place, first: { startsAt: string; endsAt: string } | undefined, visit: Visit | undefined) {
  const people: Option[] = (visit?.people ?? (about.assignee ? [about.assignee] : [])).map((one) => ({ value: one.id, label: one.name }))
  const length = first ? Math.round((Date.parse(first.endsAt) - Date.parse(first.startsAt)) / 60_000) : 60
  return {
    purpose: visit?.purpose ?? about.subject.slice(0, 250),
    peopleIds: people as readonly Option[],
    startsAt: first ? wallIn(first.startsAt, place.timeZone) : '',
    endsAt: length as number | null,
    siteId: place.site?.id ?? elsewhere,
    address: place.address,
    accessNote: place.accessNote,
    timeZone: place.timeZone,
    contactName: place.contact.name,
    contactPhone: place.contact.phone,
    contact: place.contact.email,
    tell: true,
  }
}

type SheetProps = { about: About; place: Place; first?: { startsAt: string; endsAt: string }; visit?: Visit; onClose: () => void }
function Sheet({ about, place, first, visit, onClose }: SheetProps) {
  const t = useTexts(visitTexts)
  const form = useForm(valuesOf(about, place, first, visit))
  const { values } = form
  const [warned, setWarned] = useState('')
  const [offered, setOffered] = useState(visit ? undefined : first?.startsAt)
  const startsAt = instantIn(values.startsAt, values.timeZone)
  const endsAt = startsAt && values.endsAt ? new Date(Date.parse(startsAt) + values.endsAt * 60_000).toISOString() : null
  // What was warned of holds for this time and these people only.
  const now = `${startsAt} ${endsAt} ${values.peopleIds.map((one) => one.value).join()}`
  const sending = {
    renews,
    onDone: () => {
      toast(t(visit ? 'changed' : 'planned'))
      onClose()
    },
    onProblem: (cause: unknown) => {
      if (problemIn(cause)?.code === 'visit_clash') setWarned(now)
      form.take(cause)
    },
  }
  const add = useSend('POST /api/tickets/:id/visits', sending)
  const edit = useSend('PATCH /api/visits/:id', sending)
  const pick = (at: string) => {
    setOffered(at)
    form.set('startsAt', wallIn(at, values.timeZone))
  }
  const save = () => {
    const body = {
      startsAt: startsAt ?? '',
      endsAt: endsAt ?? '',
      timeZone: values.timeZone,
      siteId: values.siteId === elsewhere ? null : values.siteId,
      address: values.address,
      accessNote: values.accessNote,
      purpose: values.purpose,
      peopleIds: values.peopleIds.map((one) => one.value),
      contact: { name: values.contactName, phone: values.contactPhone, email: values.contact },
      tell: values.tell,
      despite: warned === now,
    }
    if (visit) edit.mutate({ params: { id: visit.id }, ifMatch: visit.version, body })
    else add.mutate({ params: { id: about.id }, body })
  }
  return (
    <FormSheet
      title={t(visit ? 'changeTitle' : 'planTitle')}
      {...(warned === now ? { action: t(visit ? 'changeAnyway' : 'planAnyway') } : visit ? {} : { action: t('planIt') })}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={values}
      onSave={save}
      onClose={onClose}
    >
      <TextField label={t('purpose')} hint={t('purposeHint')} data-autofocus maxLength={250} {...form.text('purpose')} />
      <WhoGoes {...form.value('peopleIds')} />
      <FieldRow>
        <TextField
          label={t('from')}
          type="datetime-local"
          hint={t('zoneHint', { zone: values.timeZone.replaceAll('_', ' ') })}
          {...form.text('startsAt')}
        />
        <NumberField
          label={t('minutes')}
          min={15}
          max={1440}
          hint={endsAt ? `${t('until')} ${wallIn(endsAt, values.timeZone).slice(11)}` : ' '}
          {...form.value('endsAt')}
        />
      </FieldRow>
      <Suggestions ticketId={about.id} values={values} onPick={pick} />
      {startsAt && endsAt && (
        <Clashes
          startsAt={startsAt}
          endsAt={endsAt}
          people={values.peopleIds}
          {...(visit ? { except: visit.id } : {})}
          timeZone={values.timeZone}
        />
      )}
      <SiteFields about={about} form={form} offered={offered} />
      <FieldRow>
        <TextField label={t('contactName')} maxLength={200} {...form.text('contactName')} />
        <TextField label={t('contactPhone')} type="tel" maxLength={50} {...form.text('contactPhone')} />
      </FieldRow>
      <TextField label={t('contactEmail')} type="email" {...form.text('contact')} />
      <CheckField label={t(visit ? 'tellChange' : 'tell')} {...form.check('tell')} />
    </FormSheet>
  )
}

function WhoGoes({
  value,
  onChange,
  error,
}: {
  value: readonly Option[]
  onChange: (value: readonly Option[]) => void
  error?: string | undefined
}) {
  const t = useTexts(visitTexts)
  const { data } = useCall('GET /api/people', { query: { staff: 'true', limit: 100 } })
  const options = data?.items.map((one) => ({ value: one.id, label: one.name })) ?? []
  return <ManyField label={t('who')} name="peopleIds" error={error} options={options} value={value} onChange={onChange} />
}

type Values = ReturnType<typeof valuesOf>
function Suggestions({ ticketId, values, onPick }: { ticketId: string; values: Values; onPick: (startsAt: string) => void }) {
  const t = useTexts(visitTexts)
  const words = useWindowWords()
  const query = {
    people: values.peopleIds.map((one) => one.value).join(','),
    minutes: values.endsAt && values.endsAt >= 15 ? values.endsAt : 60,
  }
  const { data } = useCall('GET /api/tickets/:id/visits/windows', { params: { id: ticketId }, query }, { keep: true })
  if (!data || data.items.length === 0) return null
  return (
    <div className={styles.suggestions}>
      <span className="dim small">{t('free')}</span>
      {data.items.map((span) => (
        <button
          key={span.startsAt}
          type="button"
          className={styles.suggestion}
          aria-pressed={wallIn(span.startsAt, values.timeZone) === values.startsAt}
          onClick={() => onPick(span.startsAt)}
        >
          {words.both({ ...span, timeZone: values.timeZone })}
        </button>
      ))}
    </div>
  )
}

type ClashProps = { startsAt: string; endsAt: string; timeZone: string; people: readonly Option[]; except?: string }
function Clashes({ startsAt, endsAt, timeZone, people, except }: ClashProps) {
  const t = useTexts(visitTexts)
  const words = useWindowWords()
  const query = { startsAt, endsAt, people: people.map((one) => one.value).join(','), ...(except ? { except } : {}) }
  const { data } = useCall('GET /api/visits/clashes', { query }, { enabled: people.length > 0, keep: true })
  if (!data || data.items.length === 0 || people.length === 0) return null
  return (
    <ul className={styles.clashes} role="status">
      {data.items.map(({ person, visit }) => (
        <li key={`${person.id}-${visit?.id ?? 'away'}`}>
          {visit === null
            ? t('clashAway', { name: person.name })
            : visit.ticket === null
              ? t('clashVisit', { name: person.name, when: words.both({ ...visit, timeZone }) })
              : t('clashVisitOf', { name: person.name, when: words.both({ ...visit, timeZone }), ticket: String(visit.ticket) })}
        </li>
      ))}
    </ul>
  )
}

type SiteProps = { about: About; form: ReturnType<typeof useForm<Values>>; offered: string | undefined }
function SiteFields({ about, form, offered }: SiteProps) {
  const t = useTexts(visitTexts)
  const { data } = useCall(
    'GET /api/organisations/:id',
    { params: { id: about.organisationId ?? '0' } },
    { enabled: about.organisationId !== null },
  )
  const sites = data?.sites ?? []
  const choose = (siteId: string) => {
    form.set('siteId', siteId)
    const site = sites.find((one) => one.id === siteId)
    if (!site) return
    form.set('address', site.address)
    form.set('accessNote', site.accessNote)
    if (!site.timeZone) return
    form.set('timeZone', site.timeZone)
    // An offered time is free at that moment, whatever the clock there shows; a typed one is meant as it was typed.
    if (offered && wallIn(offered, form.values.timeZone) === form.values.startsAt) form.set('startsAt', wallIn(offered, site.timeZone))
  }
  return (
    <>
      {sites.length > 0 && (
        <SelectField
          label={t('site')}
          options={[...sites.map((site) => ({ value: site.id, label: site.name })), { value: elsewhere, label: t('otherPlace') }]}
          {...form.value('siteId')}
          onChange={choose}
        />
      )}
      <TextArea label={t('address')} minRows={2} maxLength={500} {...form.text('address')} />
      <TextArea label={t('accessNote')} hint={t('accessHint')} minRows={2} maxLength={2000} {...form.text('accessNote')} />
    </>
  )
}

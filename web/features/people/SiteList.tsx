import { IconPencil, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Organisation, Site } from '../../../contract/people.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { changesOf, useOtherChange } from '../../kernel/other-change.ts'
import { useSend } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { TextArea, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { LocalTime, TimeZoneField } from '../../ui/LocalTime.tsx'
import { OtherChange } from '../../ui/OtherChange.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { mapOf } from '../visits/windows.ts'
import { organisationTexts } from './organisation-texts.ts'
import styles from './People.module.css'

export function SiteList({ organisation }: { organisation: Organisation }) {
  const t = useTexts(organisationTexts)
  const [open, setOpen] = useState<Site | 'new'>()
  const mayEdit = organisation.can.edit
  return (
    <Section
      title={t('sites')}
      actions={mayEdit && <IconButton label={t('addSite')} icon={<IconPlus size={16} />} onClick={() => setOpen('new')} />}
    >
      {organisation.sites.length === 0 && <p className="dim small">{t('noSites')}</p>}
      <div>
        {organisation.sites.map((site) => (
          <div key={site.id} className={styles.site}>
            <div className="grow">
              <strong>{site.name}</strong>
              {site.address && (
                <p className={styles.prose}>
                  {site.address}{' '}
                  <a href={mapOf(site.address)} target="_blank" rel="noreferrer" className="small">
                    {t('map')}
                  </a>
                </p>
              )}
              {site.opening && <p className={styles.prose}>{site.opening}</p>}
              {site.accessNote && <p className={`${styles.prose} dim`}>{site.accessNote}</p>}
              {site.timeZone && <LocalTime timeZone={site.timeZone} />}
            </div>
            {mayEdit && (
              <IconButton label={t('editSite', { name: site.name })} icon={<IconPencil size={16} />} onClick={() => setOpen(site)} />
            )}
          </div>
        ))}
      </div>
      {open && (
        <SiteSheet organisationId={organisation.id} {...(open === 'new' ? {} : { site: open })} onClose={() => setOpen(undefined)} />
      )}
    </Section>
  )
}

type Values = { name: string; address: string; opening: string; accessNote: string; timeZone: string | null }
const valuesOf = ({ name, address, opening, accessNote, timeZone }: Site): Values => ({ name, address, opening, accessNote, timeZone })

function SiteSheet({ organisationId, site, onClose }: { organisationId: string; site?: Site; onClose: () => void }) {
  const t = useTexts(organisationTexts)
  const form = useForm<Values>(site ? valuesOf(site) : { name: '', address: '', opening: '', accessNote: '', timeZone: null })
  const change = useOtherChange(site, valuesOf, form)
  const renews = ['GET /api/organisations', 'GET /api/organisations/:id'] as const
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const add = useSend('POST /api/organisations/:id/sites', { renews, onDone, onProblem: form.take })
  const edit = useSend('PATCH /api/sites/:id', { renews, onDone, onProblem: change.take })
  const save = () => {
    if (!site) return add.mutate({ params: { id: organisationId }, body: form.values })
    edit.mutate({ params: { id: site.id }, ifMatch: change.version, body: changesOf(valuesOf(change.stored ?? site), form.values) })
  }
  const labels = { name: t('name'), address: t('address'), opening: t('opening'), accessNote: t('access'), timeZone: t('timeZone') }
  return (
    <FormSheet
      title={site ? t('editSite', { name: site.name }) : t('newSite')}
      wide={false}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      <OtherChange change={change} form={form} labels={labels} />
      <TextField label={t('name')} required data-autofocus {...form.text('name')} />
      <TextArea label={t('address')} {...form.text('address')} />
      <TextArea label={t('opening')} hint={t('openingHint')} minRows={2} {...form.text('opening')} />
      <TextArea label={t('access')} hint={t('accessHint')} {...form.text('accessNote')} />
      <TimeZoneField {...form.value('timeZone')} />
    </FormSheet>
  )
}

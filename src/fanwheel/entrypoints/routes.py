"""Every router of the management API."""

from typing import Final

from fastapi import APIRouter

from fanwheel.cdp.bulk.router import router as bulk
from fanwheel.cdp.computed.router import router as computed
from fanwheel.cdp.consent.router import of_files as consent_files
from fanwheel.cdp.consent.router import of_people as consents
from fanwheel.cdp.consent.router import router as suppressions
from fanwheel.cdp.events.router import router as events
from fanwheel.cdp.layers.router import of_people as layers_of_people
from fanwheel.cdp.layers.router import router as layers
from fanwheel.cdp.lists.router import router as lists
from fanwheel.cdp.persons.router import router as persons
from fanwheel.cdp.segments.asking import router as asking
from fanwheel.cdp.segments.router import router as segments
from fanwheel.cdp.sources.router import router as sources
from fanwheel.cdp.tags.people import router as tags_of_people
from fanwheel.cdp.tags.router import router as tags
from fanwheel.cdp.traits.router import of_people as person_traits
from fanwheel.cdp.traits.router import router as traits
from fanwheel.domains.commercial.spend.router import router as spend
from fanwheel.domains.private.channels.accounts.router import router as channels
from fanwheel.domains.private.channels.inbound.router import router as inbound
from fanwheel.infra.access.router import router as access
from fanwheel.infra.retention.router import router as retention
from fanwheel.infra.webhooks.router import router as webhooks
from fanwheel.loop.convert.catalog.router import router as catalog
from fanwheel.loop.convert.orders.router import router as orders
from fanwheel.loop.operate.autoreply.forms_router import router as lead_forms
from fanwheel.loop.operate.autoreply.router import router as auto_replies
from fanwheel.loop.operate.broadcasts.router import router as broadcasts
from fanwheel.loop.operate.broadcasts.steering_router import router as steering
from fanwheel.loop.operate.content.media.router import public as media_files
from fanwheel.loop.operate.content.media.router import router as media
from fanwheel.loop.operate.content.router import router as templates
from fanwheel.loop.operate.content.versions import router as template_versions
from fanwheel.loop.operate.conversations.draft_router import router as drafts
from fanwheel.loop.operate.conversations.report_router import router as inbox_report
from fanwheel.loop.operate.conversations.router import router as conversations
from fanwheel.loop.operate.conversations.setup_router import router as inbox
from fanwheel.loop.operate.conversations.visiting_router import router as chat
from fanwheel.loop.operate.disclosure.router import router as disclosure
from fanwheel.loop.operate.hours.router import router as business_hours
from fanwheel.loop.operate.links.router import public as followed_links
from fanwheel.loop.operate.links.router import router as links
from fanwheel.loop.operate.menus.router import router as menus
from fanwheel.loop.operate.preferences.public import router as preference_pages
from fanwheel.loop.operate.preferences.router import router as opt_ins
from fanwheel.loop.operate.reach.router import intents
from fanwheel.loop.operate.reach.router import of_people as intents_of_people
from fanwheel.loop.operate.reach.router import router as sending
from fanwheel.measure.insights.router import router as insights
from fanwheel.measure.ledger.experiments.router import router as experiments
from fanwheel.measure.ledger.geo_tests.router import router as geo_tests
from fanwheel.measure.ledger.router import router as ledger
from fanwheel.measure.reports.router import router as reports

ROUTERS: Final[tuple[APIRouter, ...]] = (
    # Before the routes of one person, which would take “bulk” for an id.
    access, events, bulk, persons, asking, segments, tags, tags_of_people, layers, layers_of_people, lists, webhooks,
    channels, inbound, sources, orders, catalog, spend, reports, insights, ledger, geo_tests, experiments, computed,
    traits, person_traits, auto_replies, lead_forms, menus, business_hours,
    conversations, drafts, inbox, inbox_report, chat, template_versions, templates, media, media_files, links,
    followed_links, broadcasts, steering,
    sending, intents, intents_of_people, suppressions, consents, consent_files, opt_ins, preference_pages,
    retention, disclosure,
)  # fmt: skip

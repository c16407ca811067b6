"""The admin of rules: how they fare, and the pages on which they are made, revised, tested and looked back on."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from detent.trigger.admin.acts import Act, OperatedAdmin
from detent.trigger.admin.clauses import clauses_of
from detent.trigger.admin.difference import diff_rows
from detent.trigger.admin.filters import StandingFilter, TypeFilter
from detent.trigger.admin.rule_acts import ACTS
from detent.trigger.admin.rule_forms import RECENT, NewRuleForm, RevisionForm, SampleForm, StoringForm
from detent.trigger.admin.rule_statistics import RuleStatistics, statistics_of, told
from detent.trigger.admin.shown import NOTHING, badge, block, link, pretty
from detent.trigger.document import Document
from detent.trigger.models import Occurrence, TriggerRule
from detent.workflow.admin.pages import found, not_found, page

REVISIONS_SHOWN = 50


@admin.register(TriggerRule)
class TriggerRuleAdmin(OperatedAdmin):
    """Rules, the newest first; one is never edited, but revised."""

    list_display = ("name_shown", "type", "standing", "matches", "last_fired", "failing", "created")
    list_display_links = ("name_shown",)
    list_filter = (StandingFilter, TypeFilter)
    list_per_page = 50
    search_fields = ("name__icontains",)
    fields = readonly_fields = (
        *("name", "type", "standing", "matches", "last_fired", "failing", "configuration_shown", "pattern_shown"),
        *("created", "author", "archived", "archived_by", "predecessor", "uuid", "lineage"),
    )
    change_form_template = "admin/trigger/triggerrule/change_form.html"
    acts: ClassVar[tuple[Act, ...]] = ACTS

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let those make rules who may add them."""
        return self.may(request, "add")

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of the pages that Django's admin does not have, and Django's."""
        return [
            path("<path:object_id>/test/", self.admin_site.admin_view(self.test_view), name="trigger_triggerrule_test"),
            path(
                "<path:object_id>/revise/",
                self.admin_site.admin_view(self.revise_view),
                name="trigger_triggerrule_revise",
            ),
            *super().get_urls(),
        ]

    def prepare_rows(self, rows: list[Any]) -> None:
        """Read how a page's rules fare."""
        statistics = statistics_of([row.pk for row in rows], rows[0]._state.db) if rows else {}
        for row in rows:
            row.statistics = statistics.get(row.pk, RuleStatistics())

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return a rule, and how it fares."""
        rule = super().get_object(request, object_id, from_field)
        if rule is not None:
            self.prepare_rows([rule])
        return rule

    def shown_with(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Add whether the rule may be revised."""
        may_revise = self.may(request, "change") and row.archived is None
        return {**super().shown_with(request, row), "may_revise": may_revise}

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Make a rule.

        Raises:
            PermissionDenied: The user may not add rules.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NewRuleForm(request.POST or None, user=request.user)
        return self._stored(request, form, "made") or page(
            self, request, "admin/trigger/triggerrule/rule_form.html", "Add rule", form=form, saves="Make the rule"
        )

    def revise_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Revise a rule.

        Raises:
            PermissionDenied: The user may not change rules.
        """
        rule = found(self, request, object_id)
        if rule is None:
            return not_found(self, request, object_id)
        if not self.may(request, "change"):
            raise PermissionDenied
        initial = {"configuration": pretty(rule.configuration)}
        form = RevisionForm(request.POST or None, rule=rule, user=request.user, initial=initial)
        said = {"form": form, "original": rule, "saves": "Put the revision in force"}
        if not rule.is_active:
            said["saves"] = "Make the revision"
        return self._stored(request, form, "revised") or page(
            self, request, "admin/trigger/triggerrule/rule_form.html", "Revise", **said
        )

    def _stored(self, request: HttpRequest, form: StoringForm, done: str) -> HttpResponse | None:
        """Return the way to the rule that a form has written; None if there is nothing to write, or it cannot be."""
        if not form.is_valid() or (rule := form.store()) is None:
            return None
        messages.success(request, format_html("The rule “{}” is {}.", rule, done))
        return HttpResponseRedirect(reverse("admin:trigger_triggerrule_change", args=[rule.pk]))

    def test_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say what a rule makes of a sample, or of something that happened; nothing is written."""
        rule = found(self, request, object_id)
        if rule is None:
            return not_found(self, request, object_id)
        chosen = request.GET.get("occurrence", "")
        form = SampleForm(request.POST or None, occurrences=_offered(rule, chosen), initial={"occurrence": chosen})
        document = form.cleaned_data.get("document") if form.is_valid() else None
        said = {} if document is None else _explained(rule, document)
        return page(self, request, "admin/trigger/triggerrule/test.html", "Test", original=rule, form=form, **said)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the revisions of a rule, and in what each differs from the one before."""
        rule = found(self, request, object_id)
        if rule is None:
            return not_found(self, request, object_id)
        history = rule.history()
        befores = [None, *history]
        shown = [
            (revision, diff_rows(before.rule.configuration, revision.rule.configuration) if before else [])
            for before, revision in zip(befores, history, strict=False)
        ][-REVISIONS_SHOWN:]
        said = {"original": rule, "revisions": shown[::-1], "is_cut": len(history) > len(shown)}
        return page(self, request, "admin/trigger/triggerrule/history.html", "Revisions", **said)

    @admin.display(description="name")
    def name_shown(self, rule: TriggerRule) -> str:
        """Show what the rule is called."""
        return str(rule)

    @admin.display(description="state")
    def standing(self, rule: TriggerRule) -> SafeString:
        """Show whether it is in force."""
        if rule.archived:
            return badge("archived", "quiet")
        return badge("in force", "good") if rule.is_active else badge("paused", "waiting")

    @admin.display(description="matches in 24 h")
    def matches(self, rule: Any) -> SafeString:
        """Show how many events it made lately, with the way to them."""
        url = reverse("admin:trigger_triggerevent_changelist")
        return format_html('<a href="{}?lineage={}">{}</a>', url, rule.lineage, told(rule.statistics.matches))

    @admin.display(description="last fired")
    def last_fired(self, rule: Any) -> Any:
        """Show when its actions went ahead for the last time."""
        return rule.statistics.fired or NOTHING

    @admin.display(description="failing")
    def failing(self, rule: Any) -> SafeString:
        """Show what fails, with the way to the dead letters."""
        statistics: RuleStatistics = rule.statistics
        if not statistics.is_failing:
            return format_html('<span class="detent-quiet">{}</span>', "no")
        url, query = reverse("admin:trigger_delivery_changelist"), f"state=dead&lineage={rule.lineage}"
        if not statistics.dead:
            url, query = reverse("admin:trigger_triggerevent_changelist"), f"outcome=failed&lineage={rule.lineage}"
        return format_html('<a href="{}?{}">{}</a>', url, query, badge(f"failing: {statistics.trouble}", "bad"))

    @admin.display(description="configuration")
    def configuration_shown(self, rule: TriggerRule) -> SafeString:
        """Show what the rule says."""
        return block(rule.configuration)

    @admin.display(description="pattern")
    def pattern_shown(self, rule: TriggerRule) -> SafeString:
        """Show the pattern for which the rule's own fields are shorthand."""
        try:
            pattern = rule.get_configuration().pattern_of_lineage(str(rule.lineage))
        except Exception as error:  # noqa: BLE001 - as where the rules in force are compiled
            return format_html("The rule cannot be used: {}: {}", type(error).__name__, error)
        return format_html("{}", "No occurrence triggers a rule of this type.") if pattern is None else block(pattern)

    @admin.display(description="supersedes")
    def predecessor(self, rule: TriggerRule) -> SafeString:
        """Show the revision before this one."""
        return link("triggerrule", rule.supersedes_id, f"rule {rule.supersedes_id}")


def _offered(rule: TriggerRule, chosen: str) -> list[Occurrence]:
    """Return what happened lately, and what the address names."""
    rows = Occurrence._default_manager.using(rule._state.db)
    recent = list(rows.order_by("-pk")[:RECENT])
    is_known = not chosen or any(str(row.pk) == chosen for row in recent)
    named = [] if is_known or not chosen.isdecimal() or len(chosen) > 18 else rows.filter(pk=chosen)
    return [*named, *recent]


def _explained(rule: TriggerRule, document: Document) -> dict[str, Any]:
    """Return what the page of a test shows of a document."""
    explanation = rule.explain(document)
    return {
        "document": pretty(document),
        "explanation": explanation,
        "clauses": explanation.pattern and clauses_of(explanation.pattern.pattern),
        "actions": [(action, "" if action.input is None else pretty(action.input)) for action in explanation.actions],
    }

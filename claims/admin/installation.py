"""What belongs to the installation and not to a newsroom: accounts and periodic tasks, for superusers only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django_celery_beat import admin as beat
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from claims.models import User


class _SuperuserOnly:
    """Whoever runs the installation; a newsroom's admin is not meant."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    has_change_permission = has_add_permission = has_delete_permission = has_view_permission


class TaskSelect(UnfoldAdminSelectWidget, beat.TaskSelectWidget):
    """Beat's list of registered tasks in Unfold's clothes."""


class TaskForm(beat.PeriodicTaskForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TaskSelect()


class TaskAdmin(_SuperuserOnly, beat.PeriodicTaskAdmin, ModelAdmin):
    form = TaskForm


class ScheduleAdmin(_SuperuserOnly, ModelAdmin):
    pass


class CrontabAdmin(_SuperuserOnly, beat.CrontabScheduleAdmin, ModelAdmin):
    pass


class AccountAdmin(_SuperuserOnly, UserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "first_name", "last_name", "email", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    ordering = ["username"]
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (None, {"fields": (("first_name", "last_name"), ("email", "language"))}),
        (None, {"fields": (("is_active", "is_staff", "is_superuser"),)}),
        (None, {"fields": (("last_login", "date_joined"),)}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # history names people: an account is closed, not deleted


for model, model_admin in (
    (PeriodicTask, TaskAdmin),
    (CrontabSchedule, CrontabAdmin),
    (ClockedSchedule, ScheduleAdmin),
    (IntervalSchedule, ScheduleAdmin),
    (SolarSchedule, ScheduleAdmin),
):
    admin.site.unregister(model)
    admin.site.register(model, model_admin)
admin.site.unregister(Group)  # roles are memberships
admin.site.register(User, AccountAdmin)

"""Signing in, signing out, changing the password, and the page for who tried too often."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from longsha_credit.directory import services
from longsha_credit.directory.forms import OwnPasswordForm, SignInForm

NO_MEMBERSHIP = (
    "您的账号还没有任用资格，现在看不到任何单位的内容。请联系系统管理员，说明您的单位和岗位，由其开通。"
)


class SignIn(LoginView):
    """Sign in; the session's key is changed, and `next` leads only to this site."""

    template_name = "directory/login.html"
    authentication_form = SignInForm

    def get_redirect_url(self):
        url = super().get_redirect_url()
        # Coming back here, or to where only a form may go, would greet a person who did sign in with an error.
        dead_ends = (resolve_url("login"), resolve_url("logout"))
        return "" if url.split("?")[0] in dead_ends else url

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context.pop("site", None)  # Django's own `site` would hide the portal's
        return context

    def form_valid(self, form):
        response = super().form_valid(form)
        user = self.request.user
        services.note_access(user, step="sign_in", label="登录", by=user)
        if not user.current_memberships:
            messages.warning(self.request, NO_MEMBERSHIP)
        return response

    def form_invalid(self, form):
        username = form.cleaned_data.get("username", "")
        tried = username and form.cleaned_data.get("password")
        if tried and not getattr(self.request, "axes_locked_out", False):
            services.note_failure(username, locked=False)
        return super().form_invalid(form)


@method_decorator(login_not_required, name="dispatch")
class SignOut(LogoutView):
    """Sign out by POST; who comes here by address, or whose session has ended, is led on."""

    http_method_names = ["get", "post", "options"]

    def get(self, request, *args, **kwargs):
        return redirect("desk" if request.user.is_authenticated else settings.LOGOUT_REDIRECT_URL)

    def post(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            services.note_access(request.user, step="sign_out", label="退出", by=request.user)
        return super().post(request, *args, **kwargs)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PasswordChange(PasswordChangeView):
    """Change one's own password; needs the old one, ends one's other sessions."""

    template_name = "directory/password.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("desk")

    def form_valid(self, form):
        services.set_password(self.request.user, form.cleaned_data["new_password1"], by=self.request.user)
        update_session_auth_hash(self.request, self.request.user)
        messages.success(self.request, "密码已修改。其他电脑和手机上的登录已退出。")
        return redirect(self.get_success_url())


def locked_out(request, response=None, credentials=None):
    """What django-axes answers with after the fifth wrong password in a row, and until the pause is over."""
    if username := (credentials or {}).get("username"):
        services.note_failure(str(username)[:40], locked=True)
    return render(request, "errors/lockout.html", status=429)

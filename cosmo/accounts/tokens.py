"""Where partners' programs get their tokens."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views import TokenView

from cosmo.lib.rest.problems import MEDIA_TYPE, problem
from cosmo.lib.rest.throttle import TokenThrottle


@method_decorator(csrf_exempt, name="dispatch")  # a program has no cookie and sends its secret
class Tokens(TokenView):  # type: ignore[misc]  # the package carries no types
    """OAuth2 client credentials, so many tries a minute for each address."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle: Any = TokenThrottle()  # asks for an address only, which any request has
        if throttle.allow_request(request, self):
            answer: HttpResponse = super().dispatch(request, *args, **kwargs)
            return answer
        wait_s = max(1, round(throttle.wait() or 1))
        detail = (
            f"Too many tokens were asked for. Keep yours for its hour; ask again in {wait_s} s."
        )
        refused = problem(429, "too_many_requests", detail)
        headers = {"Retry-After": str(wait_s)}
        return JsonResponse(refused.data, status=429, content_type=MEDIA_TYPE, headers=headers)

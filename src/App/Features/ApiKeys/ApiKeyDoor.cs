using System.Security.Claims;
using System.Text.Encodings.Web;
using Laurel.App.Platform.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Laurel.App.Features.ApiKeys;

/// <summary>
/// Reads <c>Authorization: Bearer lrl_...</c>; the scopes of the key become permissions. Refusals are statuses, never redirects.
/// </summary>
internal sealed class ApiKeyDoor(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, ApiKeyStore keys, CurrentPerson current)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return Task.FromResult(AuthenticateResult.NoResult());
        if (ApiKeyText.Parse(header[Bearer.Length..].Trim()) is not { } text || keys.Authenticate(text) is not { } key)
            return Task.FromResult(AuthenticateResult.Fail("No such key, or it does not hold any more."));
        var permissions = key.Scopes.Select(ApiScope.Find).OfType<ApiScope>().SelectMany(s => s.Permissions)
            .ToHashSet(StringComparer.Ordinal);
        current.Become(Actor.ApiKey(key.Name), permissions);
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, key.Name), .. permissions.Select(p => new Claim(PermissionDecision.Claim, p))], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Scheme.Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"laurel\"";
        return base.HandleChallengeAsync(properties);
    }
}

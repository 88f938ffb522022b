using System.Globalization;
using System.Security.Claims;

namespace Laurel.App.Platform.Access;

/// <summary>Who asks, as the sign-in ticket tells it.</summary>
public sealed class CurrentPerson(IHttpContextAccessor accessor)
{
    private ClaimsPrincipal? User => accessor.HttpContext?.User;

    public bool IsSignedIn => User?.Identity?.IsAuthenticated == true;
    public long Key => long.TryParse(Claim("key"), NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : 0;
    public string Id => Claim(ClaimTypes.NameIdentifier) ?? "";
    public string Name => Claim(ClaimTypes.Name) ?? "";
    public string? TeamName => Claim("team");

    /// <summary>The time zone of the person's site, such as Europe/Vilnius.</summary>
    public string? ZoneId => Claim("zone");

    /// <summary>The address of the featured badge's art, if there is one.</summary>
    public string? FeaturedArt => Claim("art");

    public bool May(string permission) => User?.HasClaim("permission", permission) == true;

    private string? Claim(string type) => User?.FindFirst(type)?.Value;
}

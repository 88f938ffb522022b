using Laurel.App.Platform.Catalogue;
using Laurel.Storage;

namespace Laurel.App.Platform.Access;

/// <summary>A page or endpoint of achievements whose permission is not one of theirs alone.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OfAchievementsAttribute : Attribute;

/// <summary>While all product areas are off, doors of achievements are not there: neither for people nor for programs.</summary>
internal static class AchievementsGate
{
    public static void UseAchievementsGate(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!Leads(context.GetEndpoint()) || context.User.Identity?.IsAuthenticated != true || !AreOff(context)) return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    private static bool Leads(Endpoint? endpoint) => endpoint is not null && Leads(endpoint.Metadata);

    /// <summary>Whether a door of these properties is one of achievements.</summary>
    public static bool Leads(IEnumerable<object> metadata) => metadata.Any(m => m is OfAchievementsAttribute
        || m is RequiresPermissionAttribute needed && Permissions.OfAchievements.Contains(needed.Permission));

    private static bool AreOff(HttpContext context)
    {
        var person = context.RequestServices.GetRequiredService<CurrentPerson>();
        if (person.IsSignedIn) return person.AchievementsAreOff;
        using var connection = context.RequestServices.GetRequiredService<Database>().Read();
        return ProductAreas.AreAllOff(connection);
    }
}

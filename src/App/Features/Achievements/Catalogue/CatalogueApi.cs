using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Yaml;
using Microsoft.AspNetCore.Mvc;

namespace Laurel.App.Features.Achievements.Catalogue;

/// <param name="Installed">One of this id is there; it is left as it is.</param>
/// <param name="Types">Activity types that it counts.</param>
/// <param name="Waits">Types that nobody sends: it is offered, and installed once they come. Empty where it can be installed.</param>
public sealed record CatalogueAchievementAnswer(
    string Id, IReadOnlyDictionary<string, string> Name, IReadOnlyDictionary<string, string> Description, string Area, string Badge,
    string Type, string? Path, bool Installed, IReadOnlyList<string> Types, IReadOnlyList<string> Waits);

/// <param name="Sent">Types of the set that somebody sends.</param>
public sealed record CatalogueSetAnswer(
    string Id, string Name, IReadOnlyList<CatalogueAchievementAnswer> Achievements, IReadOnlyList<string> Sent);

/// <param name="Waits">Achievements that are offered only, with the types that nobody sends.</param>
public sealed record InstallAnswer(
    bool Planned, IReadOnlyList<SetupChangeAnswer> Changes, IReadOnlyDictionary<string, IReadOnlyList<string>> Waits);

/// <summary>The catalogue for programs: what it has, what is there, and installing.</summary>
public static class CatalogueApi
{
    public static void MapCatalogueApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/catalogue", Read)
            .RequiresPermission(Permissions.SettingsManage)
            .WithMetadata(new OfAchievementsAttribute())
            .WithName("getCatalogue")
            .WithTags("Set-up")
            .WithSummary("The sets of achievements that come with Laurel")
            .WithDescription("With what is installed, what each counts, and whether somebody sends that.")
            .Produces<IReadOnlyList<CatalogueSetAnswer>>();
        routes.MapPost("/api/v1/catalogue/{set}", Install)
            .RequiresPermission(Permissions.SettingsManage)
            .WithMetadata(new OfAchievementsAttribute())
            .WithName("installCatalogueSet")
            .WithTags("Set-up")
            .WithSummary("Install a set, or achievements of it")
            .WithDescription("achievement, also several times: ids of the set's achievements, of all if absent. What is there "
                + "already stays as it is, so that it can be asked for again and again. plan=true: say what would "
                + "change, and change nothing.")
            .Produces<InstallAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static IResult Read(InstallSets catalogue) => TypedResults.Ok(catalogue.Offered().Select(offered =>
        new CatalogueSetAnswer(offered.Set.Id, offered.Set.Name, [.. offered.Achievements.Select(a => new CatalogueAchievementAnswer(
            a.Setup.Id, a.Setup.Name.ByLanguage, a.Setup.Description.ByLanguage, a.Setup.Area, a.Setup.Badge, a.Setup.Type,
            offered.Set.PathOf(a.Setup.Id)?.Id, a.IsThere, a.Types, a.Waits))],
            [.. offered.Sent.Order(StringComparer.Ordinal)])));

    private static IResult Install(
        string set, [FromQuery] string[] achievement, InstallSets catalogue, CurrentPerson me, bool plan = false)
    {
        if (ShippedSets.Find(set) is not { } found)
            return Problems.NotThere($"The catalogue has no set '{set}'{Suggestion.Hint(set, ShippedSets.All.Select(s => s.Id))}.");
        var ids = found.Achievements.Select(a => a.Id).ToList();
        if (achievement.FirstOrDefault(c => !ids.Contains(c, StringComparer.Ordinal)) is { } unknown)
            return Problems.BadParameter(nameof(achievement), $"an id of the set, not '{unknown}'{Suggestion.Hint(unknown, ids)}");
        var chosen = achievement is [] ? null : achievement;
        var waits = catalogue.Offered(found).Achievements.Where(a => a is { IsThere: false, Waits.Count: > 0 })
            .Where(a => chosen is null || chosen.Contains(a.Setup.Id, StringComparer.Ordinal))
            .ToDictionary(a => a.Setup.Id, a => a.Waits, StringComparer.Ordinal);
        var (changes, problems) = catalogue.Run(found, chosen, plan, me.Actor);
        return problems.Count > 0
            ? Problems.SetupRefused(problems)
            : TypedResults.Ok(new InstallAnswer(plan, SetupApi.Answer(changes), waits));
    }
}

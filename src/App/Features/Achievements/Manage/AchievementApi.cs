using Laurel.App.Features.Notifications;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Work;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>What an achievement asks for from a workday on.</summary>
/// <param name="From">First workday on which it holds; absent: from the beginning.</param>
/// <param name="Rule">In the keys of a setup file.</param>
/// <param name="Audience">teams, groups and roles, by their ids; absent for everybody.</param>
public sealed record AchievementVersionAnswer(
    int Number, string? From, IReadOnlyDictionary<string, object> Rule, IReadOnlyDictionary<string, object>? Audience);

/// <param name="From">First workday; absent: from the beginning.</param>
/// <param name="Until">The first workday on which it is off again; absent while it is on.</param>
public sealed record AchievementSpanAnswer(string? From, string? Until);

/// <summary>One achievement with all that is known of it.</summary>
public sealed record OneAchievementAnswer : AchievementAnswer
{
    internal OneAchievementAnswer(AchievementAnswer one) : base(one) { }

    /// <summary>What decides by the newest version, in the keys of a setup file.</summary>
    public required IReadOnlyDictionary<string, object> Rule { get; init; }

    /// <summary>teams, groups and roles, by their ids, of the newest version; absent for everybody.</summary>
    public IReadOnlyDictionary<string, object>? Audience { get; init; }

    /// <summary>Which work counts: all, from a date such as 2026-01-31, or from enabling.</summary>
    public required string History { get; init; }

    /// <summary>What it is worth, by tier from the lowest; none where nothing was said.</summary>
    public required IReadOnlyList<int> Coins { get; init; }

    /// <summary>Decided, and seen by those who manage achievements only.</summary>
    public required bool Test { get; init; }

    public required bool Archived { get; init; }

    /// <summary>The path that it is a step of; absent where it stands alone.</summary>
    public string? Path { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<AchievementVersionAnswer> Versions { get; init; }

    /// <summary>When it has been on, oldest first.</summary>
    public required IReadOnlyList<AchievementSpanAnswer> Spans { get; init; }
}

/// <summary>/api/v1/achievements/{id}: one achievement with its rule over time.</summary>
public static class AchievementApi
{
    public static void MapAchievementApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/achievements/{id}", One)
            .RequiresPermission(Permissions.AchievementsViewTeam)
            .WithName("getAchievement").WithTags("Achievements")
            .WithSummary("One achievement with its rule, audience, history and versions")
            .WithDescription("The rule and the audience are in the keys of a setup file. One that is in test is there for a key that may "
                + "manage achievements.")
            .Produces<OneAchievementAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPost("/api/v1/achievements/{id}/test", Test)
            .RequiresPermission(Permissions.AchievementsManage, ofCompany: true)
            .WithName("testAchievement").WithTags("Achievements")
            .WithSummary("Put an achievement in test")
            .WithDescription("It is decided as any other, and seen by those who manage achievements only. enable=true switches it on, too: "
                + "what is off computes nothing. One that has been on already cannot be tested; one that is in test stays so.")
            .Produces<OneAchievementAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        routes.MapPost("/api/v1/achievements/{id}/move", Move)
            .RequiresPermission(Permissions.AchievementsManage, ofCompany: true)
            .WithName("moveAchievement").WithTags("Achievements")
            .WithSummary("Put an achievement at another place in the order")
            .WithDescription("to: its place among those that are not archived, from 1, in the order in which everybody sees them; the "
                + "others keep theirs before and after it. One that stands there already stays.")
            .Produces<OneAchievementAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        routes.MapPost("/api/v1/achievements/{id}/go-live", GoLive)
            .RequiresPermission(Permissions.AchievementsManage, ofCompany: true)
            .WithName("takeAchievementLive").WithTags("Achievements")
            .WithSummary("Take an achievement live after its test")
            .WithDescription("keep=true: what was computed becomes real, and its holders are told. keep=false: it is dropped for good, and "
                + "work counts from today on.")
            .Produces<OneAchievementAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static IResult Move(
        string id, Database database, AchievementCatalogue catalogue, CurrentPerson me, LiveHub live, TimeProvider time, int? to)
    {
        Achievement? known;
        using (var connection = database.Read()) known = Find(catalogue.Current(connection), id, me);
        if (known is null) return NotThere(id);
        if (known.IsArchived) return Problems.AchievementRefused($"'{id}' is archived: it has no place among the others.");
        var (moved, places) = database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            return MoveAchievement.To(c, t, known.Key, to ?? 0, me.Actor, time.GetUtcNow().ToUnixTimeMilliseconds());
        });
        if (moved) live.Changed(ManageFeature.Topic);
        return to is not { } place || place < 1 || place > places
            ? Problems.BadParameter(nameof(to), $"a place from 1 to {places}")
            : One(id, database, catalogue, me, time);
    }

    private static IResult Test(
        string id, Database database, AchievementCatalogue catalogue, EditAchievement editor, CurrentPerson me, TimeProvider time,
        bool enable = false)
    {
        using (var connection = database.Read())
            if (Find(catalogue.Current(connection), id, me) is null) return NotThere(id);
        return editor.Test(id, enable, me.Actor) is { Count: > 0 } problems
            ? Problems.AchievementRefused(string.Join(" ", problems.Select(p => $"{p.Message}.")))
            : One(id, database, catalogue, me, time);
    }

    private static IResult GoLive(
        string id, Database database, CatalogueStore rules, AchievementCatalogue catalogue, CurrentPerson me, LiveHub live, WorkRunner work,
        TimeProvider time, bool? keep)
    {
        if (keep is not { } keeps)
            return Problems.BadParameter(nameof(keep), "true (what was computed becomes real) or false (it is dropped)");
        Achievement? known;
        using (var connection = database.Read()) known = Find(catalogue.Current(connection), id, me);
        if (known is null) return NotThere(id);
        if (!known.IsTesting) return Problems.AchievementRefused($"'{id}' is not in test.");
        var (done, told) = database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var today = rules.Current(c, t).Floor.Site!.Clock.WorkdayOf(now);
            return TestMode.GoLive(c, t, rules, known.Key, keeps, me.Actor, today, now);
        });
        if (!done) return Problems.AchievementRefused($"'{id}' is decided by an achievement that is in test: take that one live first.");
        work.Wake();
        live.Awarded(told);
        live.Changed(ManageFeature.Topic);
        return One(id, database, catalogue, me, time);
    }

    private static IResult One(string id, Database database, AchievementCatalogue catalogue, CurrentPerson me, TimeProvider time)
    {
        using var connection = database.Read();
        using var view = database.Snapshot(connection);
        return Find(catalogue.Current(connection), id, me) is { } one
            ? TypedResults.Ok(Answer(
                one, catalogue.Current(connection), new(connection, view, time.GetUtcNow().ToUnixTimeMilliseconds()),
                ManagedStore.Versions(connection, one.Key)))
            : NotThere(id);
    }

    internal static Achievement? Find(AchievementBook book, string id, CurrentPerson me) =>
        book.Find(id, me) is { IsAreaOff: false } one ? one : null;

    internal static IResult NotThere(string id) => Problems.NotThere($"There is no achievement '{id}'.");

    private static OneAchievementAnswer Answer(
        Achievement one, AchievementBook book, SetupWriter writer, IReadOnlyList<RuleVersion> versions)
    {
        var entry = writer.Entry(one.Id)!;
        return new(new(
            one.Id, Texts(one.Name), Texts(one.Description), one.Area, one.Badge, one.Rule.Type, one.Rule.Levels(),
            SetupWriter.Word(one.Repeat), one.Visibility != Visibility.Shown, SetupWriter.Word(one.Visibility),
            SetupWriter.Word(one.Tenure), SetupWriter.Word(one.Tone), one.IsOn))
        {
            Rule = writer.Entry(one.Rule, one.Repeat),
            Audience = entry.GetValueOrDefault("audience") as IReadOnlyDictionary<string, object>,
            History = entry.GetValueOrDefault("history") as string ?? "enabling",
            Coins = entry.GetValueOrDefault("coins") as IReadOnlyList<int> ?? [], Test = one.IsTesting, Archived = one.IsArchived,
            Path = book.PathOf(one)?.Id,
            Versions =
            [
                .. versions.Select(v => new AchievementVersionAnswer(v.Number, Day(v.Effective), writer.Entry(v.Rule, one.Repeat),
                    v.Audience is { } some ? writer.Entry(some) : null)),
            ],
            Spans = [.. one.Spans.Where(s => !s.IsEmpty).Select(s => new AchievementSpanAnswer(Day(s.From), s.Until?.ToString()))],
        };
    }

    private static string? Day(Workday day) => day == Workday.Beginning ? null : day.ToString();

    private static Dictionary<string, string> Texts(LocalText text) =>
        Language.All.Where(text.Has).ToDictionary(l => l.Code, text.In, StringComparer.Ordinal);
}

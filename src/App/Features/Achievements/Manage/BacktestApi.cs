using System.Data.Common;
using System.Text;
using System.Text.Json.Nodes;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Http;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using YamlDotNet.RepresentationModel;

namespace Laurel.App.Features.Achievements.Manage;

/// <summary>Somebody who would have earned it.</summary>
/// <param name="Tiers">How many awards of each tier, from the lowest.</param>
/// <param name="Last">The workday of the last one.</param>
public sealed record BacktestPersonAnswer(
    string Person, string Name, string? Team, int Awards, IReadOnlyList<int> Tiers, string Last);

/// <param name="Week">Its first day.</param>
public sealed record BacktestWeekAnswer(string Week, int Awards);

/// <param name="People">How many would have earned it.</param>
/// <param name="PerWeek">Awards a week, to a hundredth.</param>
/// <param name="Share">Of the floor, in percent, to a hundredth.</param>
public sealed record BacktestTierAnswer(int People, int Awards, decimal PerWeek, decimal Share);

public sealed record BacktestCountAnswer(int People, int Awards);

/// <summary>Values from <paramref name="From"/> up to, not including, <paramref name="Until"/>.</summary>
/// <param name="Until">Absent of the last column, which holds everything above.</param>
/// <param name="Tier">The highest tier whose target its values reach; 0 for none.</param>
public sealed record BacktestColumnAnswer(decimal From, decimal? Until, int Count, int Tier);

/// <param name="Count">How many of the values reach it.</param>
/// <param name="Share">The same in percent.</param>
public sealed record BacktestTargetAnswer(decimal Target, int Count, decimal Share);

/// <summary>How what the rule measures lies beside its targets.</summary>
/// <param name="Columns">Of equal width.</param>
/// <param name="Targets">Those of the rule, from the lowest tier.</param>
/// <param name="Suggested">As many others, about half, a fifth and a twentieth; none where there is too little to go by.</param>
public sealed record BacktestDistributionAnswer(
    int Values, decimal Width, IReadOnlyList<BacktestColumnAnswer> Columns, IReadOnlyList<BacktestTargetAnswer> Targets,
    IReadOnlyList<BacktestTargetAnswer> Suggested);

/// <param name="Person">Name of who would have been the first; absent where that is not told.</param>
public sealed record BacktestFirstAnswer(string Project, string? Person, string Day);

/// <param name="Draws">With somebody online.</param>
/// <param name="Expected">How many of them somebody wins on the average.</param>
public sealed record BacktestChanceAnswer(int Draws, decimal Expected);

/// <summary>What a rule would have done over the last weeks. Nothing was awarded.</summary>
/// <param name="From">First workday that was looked at.</param>
/// <param name="To">Last workday that was looked at: today.</param>
/// <param name="Floor">How many people can earn it.</param>
/// <param name="Earners">How many would have earned it.</param>
/// <param name="Share">The same in percent of the floor, to a hundredth.</param>
/// <param name="PerWeek">Awards a week, to a hundredth.</param>
/// <param name="People">Who would have, most awards of the highest tier first; as many as limit says.</param>
/// <param name="Before">By work of before, where that counts: all at once when it is enabled.</param>
/// <param name="IfAll">Where only work from enabling on counts: what counting all history would bring at once.</param>
/// <param name="Distribution">Absent where nothing is measured.</param>
/// <param name="Firsts">Of a first in project, the newest first.</param>
/// <param name="Chance">Of a lucky draw.</param>
public sealed record BacktestAnswer(
    string From, string To, int Floor, int Earners, decimal Share, int Awards, decimal PerWeek, IReadOnlyList<BacktestPersonAnswer> People,
    IReadOnlyList<BacktestWeekAnswer> Weeks, IReadOnlyList<BacktestTierAnswer> Tiers, BacktestCountAnswer Before,
    BacktestCountAnswer? IfAll, BacktestDistributionAnswer? Distribution, IReadOnlyList<BacktestFirstAnswer>? Firsts,
    BacktestChanceAnswer? Chance);

/// <summary>What a rule would have done, of an achievement that is there or of one that is only thought of.</summary>
public static class BacktestApi
{
    private const int Largest = 1 << 20;

    public static void MapBacktestApi(this IEndpointRouteBuilder routes)
    {
        const string Limit = "limit: so many of the people who would have earned it, 1 to 1000, usually 100.";
        routes.MapGet("/api/v1/achievements/{id}/backtest", OfOne)
            .RequiresPermission(Permissions.AchievementsManage)
            .WithName("backtestAchievement").WithTags("Achievements")
            .WithSummary("What an achievement's rule would have done over the last 90 days")
            .WithDescription("By its newest version, as if it had been on. Nothing is awarded. " + Limit)
            .Produces<BacktestAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        routes.MapPost("/api/v1/achievements/backtest", OfBody)
            .RequiresPermission(Permissions.AchievementsManage)
            .WithName("backtestRule").WithTags("Achievements")
            .WithSummary("What a rule would have done over the last 90 days")
            .WithDescription("The body is an achievement as a setup file has it, as JSON or YAML; its id does not matter. Nothing is made, "
                + "and nothing is awarded. " + Limit)
            .Produces<BacktestAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .AddOpenApiOperationTransformer(Describe);
    }

    private static IResult OfOne(
        string id, Database database, AchievementCatalogue catalogue, CurrentPerson me, TimeProvider time, int? limit)
    {
        if (!Paging.IsLimit(limit)) return Problems.BadParameter(nameof(limit), $"a whole number from 1 to {Paging.Most}");
        using var connection = database.Read();
        var book = catalogue.Current(connection);
        return AchievementApi.Find(book, id, me) is { } one
            ? Run(connection, book, one.Rule, one.Repeat, book.History(one)?.Versions[^1].Audience, one.CountsFrom, me, time, limit)
            : AchievementApi.NotThere(id);
    }

    private static async Task<IResult> OfBody(
        HttpContext http, Database database, AchievementCatalogue catalogue, ApplySetup apply, CurrentPerson me, TimeProvider time,
        int? limit)
    {
        if (!Paging.IsLimit(limit)) return Problems.BadParameter(nameof(limit), $"a whole number from 1 to {Paging.Most}");
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        var text = new char[Largest + 1];
        var length = await reader.ReadBlockAsync(text, http.RequestAborted);
        if (length > Largest) return Problems.TooLarge("An achievement has at most 1 MB.", taken: 0);
        using var connection = database.Read();
        var book = catalogue.Current(connection);
        var problems = new YamlProblems("body");
        if (Read(new string(text, 0, length), problems, book) is not { } setup || problems.Any)
            return Problems.SetupRefused(problems.InOrder());
        // The same checks as saving it would make, over what is there now.
        apply.Run(EditAchievement.Alone(setup), problems, me.Actor, plan: true);
        if (problems.Any || EditAchievement.RuleOf(setup, book) is not { } rule) return Problems.SetupRefused(problems.InOrder());
        return Run(connection, book, rule, setup.Repeat, AudienceIds.Find(connection, setup.Audience), setup.History.From, me, time, limit);
    }

    /// <summary>By an id that nothing has: the rule is tried, whatever it is called.</summary>
    private static AchievementSetup? Read(string text, YamlProblems problems, AchievementBook book)
    {
        if (problems.Root(text) is not { } root) return null;
        root.Node.Children.Remove(new YamlScalarNode("id"));
        root.Node.Add("id", EditAchievement.FreeId("backtest", "backtest", id => book.Find(id) is null));
        return problems.Map(root.Node, "the body") is { } map ? new AchievementReader(problems).Read(map) : null;
    }

    private static IResult Run(
        DbConnection connection, AchievementBook book, Rule rule, Repeat repeat, Audience? audience, Workday? history, CurrentPerson me,
        TimeProvider time, int? limit)
    {
        if (rule.IsByHand()) return Problems.AchievementRefused("It is given by hand: there is nothing to test.");
        if (!TestRule.IsCounted(book.Snapshot, rule)) return Problems.NotCounted();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        // Achievements belong to a site: there is one wherever there is an achievement.
        if (book.Snapshot.Floor.Site is not { } site) return Problems.NotCounted();
        var tested = TestRule.Run(connection, book.Snapshot, rule, repeat, audience, history,
            me.ScopeOf(Permissions.AchievementsManage), site.Clock.WorkdayOf(now), now);
        return TypedResults.Ok(Answer(tested, limit ?? Paging.Usual));
    }

    private static BacktestAnswer Answer(TestedRule tested, int most)
    {
        var days = tested.Window.Last.Number - tested.Window.First.Number + 1;
        return new(
            tested.Window.First.ToString(), tested.Window.Last.ToString(), tested.Floor, tested.People.Count,
            Share(tested.People.Count, tested.Floor), tested.Awards, Math.Round(tested.PerWeek, 2),
            [.. tested.People.Take(most).Select(p => new BacktestPersonAnswer(p.Id, p.Name, p.Team, p.Awards, p.Tiers, p.Last.ToString()))],
            [.. tested.Weeks.Select(w => new BacktestWeekAnswer(w.Week.ToString(), w.Awards))],
            [.. tested.Tiers.Select(t =>
                new BacktestTierAnswer(t.People, t.Awards, Math.Round(7m * t.Awards / days, 2), Share(t.People, tested.Floor)))],
            new(tested.Before.People, tested.Before.Awards), tested.IfAll is { } all ? new(all.People, all.Awards) : null,
            tested.Distribution is not { } lie ? null : new(
                lie.Total, lie.Width.ToDecimal(),
                [.. lie.Columns.Select(c => new BacktestColumnAnswer(c.From.ToDecimal(), c.Until?.ToDecimal(), c.Count, c.Tier))],
                [.. lie.Reached.Select(Answer)], [.. lie.Suggested.Select(Answer)]),
            tested.Firsts?.Select(f => new BacktestFirstAnswer(f.Project, f.Person, f.Day.ToString())).ToList(),
            tested.Chance is { } chance ? new(chance.Draws, Math.Round(chance.Expected, 2)) : null);
    }

    private static BacktestTargetAnswer Answer(Reach reach) => new(reach.Target.ToDecimal(), reach.Count, reach.Share.ToDecimal());

    private static decimal Share(int part, int whole) => whole == 0 ? 0 : Math.Round(100m * part / whole, 2);

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "An achievement, as docs/guide/setup.md describes it.",
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/json"] = new()
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Object },
                    Example = JsonNode.Parse("""
                        { "type": "threshold", "metric": "calls-answered", "at-least": [50, 100, 150], "range": "week" }
                        """),
                },
            },
        };
        return Task.CompletedTask;
    }
}

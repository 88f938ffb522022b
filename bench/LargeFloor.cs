using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dapper;
using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Recalculation;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Hosting;
using Laurel.App.Platform.Yaml;
using Laurel.Engine.Activities;
using Laurel.Engine.Goals;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.Bench;

/// <summary>
/// A large installation after a year: teams of 25 on two sites, and what contact centres count. Activities come through the same
/// transaction as live ones; then the whole catalogue and two kinds that it does not have are turned on over all of it, so that every
/// award, holding and notice was decided by Laurel itself. Presence is not in it: what counts time online has nothing to count.
/// </summary>
internal static class LargeFloor
{
    public const int TeamOf = 25, Days = 365;
    private const int Batch = 4_000;
    private const long DayMs = 86_400_000;

    private static readonly string[] First = ["Rasa", "Jonas", "Greta", "Tomas", "Ieva", "Lukas", "Ona", "Mantas", "Emma", "Oliver",
        "Ruta"];
    private static readonly string[] Last = ["Kazlauskaite", "Petrauskas", "Stone", "Berg", "Jankauskas", "Field", "Moore", "Zukas",
        "Hill"];
    private static readonly string[] Channels = ["email", "chat", "phone", "social"];

    /// <summary>In thousandths: cases are most of the work, and what tells of learning and reviews comes now and then.</summary>
    private static readonly (string Type, int Weight)[] Mix =
    [
        ("case-resolved", 550), ("feedback-received", 80), ("reply-sent", 60), ("chat-answered", 60), ("call-ended", 55),
        ("case-viewed", 50),
        ("chat-ended", 40), ("signed-in", 25), ("sale-closed", 20), ("case-tagged", 12), ("case-transferred", 8), ("case-deleted", 8),
        ("case-assisted", 8), ("item-saved", 6), ("module-completed", 4), ("review-completed", 4), ("review-received", 4), ("call-made", 3),
        ("article-published", 2), ("profile-completed", 0), ("notifications-enabled", 0), ("badge-featured", 0), ("goal-reached", 1),
    ];

    /// <summary>Weekly and daily ones that come again and again, and the kinds that the catalogue leaves to each installation.</summary>
    private const string More = """
        achievements:
          - { id: full-week, type: threshold, metric: cases-resolved, range: week, at-least: [5, 8, 12], history: all }
          - { id: full-day, type: threshold, metric: cases-resolved, range: day, at-least: 3, history: all }
          - { id: full-month, type: threshold, metric: cases-resolved, range: month, at-least: [20, 30, 40], history: all }
          - { id: steady-climb, type: improvement, metric: cases-resolved, range: month, percent: [5, 10, 20], history: all }
          - { id: best-day, type: personal-record, metric: cases-resolved, range: day, after: 20, history: all }
          - { id: weeks-in-a-row, type: streak, metric: cases-resolved, at-least: 1, range: week, length: [4, 13, 26], history: all }
          - { id: all-rounder, type: collection, of: [first-resolution, full-week, thank-you-notes], history: all }
          - { id: champion-of-care, type: best-of-period, metric: rewards, period: month, minimum: 3, history: all }
        """;

    public static int Team(int person) => person / TeamOf;
    public static string Leader(int team) => $"lead{team}";
    public static string Agent(int person) => $"p{person}";

    /// <summary>Everything up to now; tells what it made and how long that took.</summary>
    /// <param name="services">Of an application or a core that takes nothing in yet.</param>
    public static void Build(IServiceProvider services, Database database, int people, int activities)
    {
        var clock = Stopwatch.StartNew();
        Apply(services, new SetupReader(new YamlProblems("bench")).Read(Floor(people))!);
        var wanted = ShippedSets.All.SelectMany(s => s.Achievements).ToList();
        var metrics = wanted.SelectMany(a => a.Metrics).Select(m => ShippedSets.Metric(m.Text)!).DistinctBy(m => m.Metric.Id).ToList();
        var types = metrics.SelectMany(m => m.Metric.Types).Concat(wanted.SelectMany(a => a.Types.Select(t => t.Text)))
            .Concat(wanted.SelectMany(a => a.Own?.Metric.Types ?? [])).Concat(Mix.Select(m => m.Type)).Distinct(StringComparer.Ordinal)
            .Select(ShippedSets.Type).OfType<TypeSetup>().ToList();
        Apply(services, new([], null, [], [], [], types, metrics, []) { Presence = ShippedSets.Statuses });
        services.Settle();
        var (laid, began) = (clock.Elapsed, clock.Elapsed);
        var writer = services.GetRequiredService<BatchWriter>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var batch in Activities(1, people, activities, now).Chunk(Batch)) database.Write((c, t) => writer.Take(c, t, batch));
        var taken = clock.Elapsed - began;
        began = clock.Elapsed;
        Apply(services, new([], null, [], [], [], [], [], [.. wanted.Select(a => a with { Enabled = true, History = All(a) })])
        {
            Paths = [.. ShippedSets.All.SelectMany(s => s.Paths)],
        });
        Apply(services, new SetupReader(new YamlProblems("bench")).Read(More)!);
        services.Settle();
        SetGoals(services, database, now);
        Recalculation(services, database, now);
        using var connection = database.Read();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{people:N0} people, {activities:N0} activities, "
            + $"{connection.ExecuteScalar<long>("SELECT count(*) FROM rollup"):N0} rollup rows, "
            + $"{connection.ExecuteScalar<long>("SELECT count(*) FROM achievement_span")} achievements on, "
            + $"{connection.ExecuteScalar<long>("SELECT count(*) FROM award"):N0} awards; floor {laid.TotalSeconds:0} s, "
            + $"activities {taken.TotalSeconds:0} s, awards of the year {(clock.Elapsed - began).TotalSeconds:0} s"));
    }

    /// <summary>Every fourth has one for each week.</summary>
    private static void SetGoals(IServiceProvider services, Database database, long now)
    {
        var keep = services.GetRequiredService<KeepGoals>();
        using var connection = database.Read();
        var floor = services.GetRequiredService<CatalogueStore>().Current(connection).Floor;
        foreach (var person in floor.People.Where(p => p.Id[0] == 'p' && p.Key.Value % 4 == 0))
            if (keep.Set(new(person.Key, "cases-resolved", Comparison.AtLeast, new(5_000), GoalPeriod.Week, person.WorkdayOf(now).Day,
                null, null, null, false), DataScope.Company, Actor.File("bench")).Refusal is { } refusal)
                throw new InvalidOperationException(refusal);
    }

    /// <summary>The plan of one, of a week and of everybody.</summary>
    private static void Recalculation(IServiceProvider services, Database database, long now)
    {
        database.Write((c, t) =>
        {
            var snapshot = services.GetRequiredService<CatalogueStore>().Current(c, t);
            var today = snapshot.Floor.Sites[0].Clock.WorkdayOf(now);
            Recalculate.Plan(c, t, new(
                [new(c.ExecuteScalar<long>("SELECT key FROM achievement WHERE id = 'full-week'", transaction: t))], null,
                new(today.Plus(-6), today.Plus(1)), ByNewest: false), Actor.File("bench"), now);
        });
        services.Settle();
    }

    /// <summary>Kinds whose past counts get all of it; the others have counted since they were turned on, as everywhere.</summary>
    private static HistorySetup All(AchievementSetup achievement) => achievement.Type is "lucky-draw" or "first-in-project" or "manual"
        ? achievement.History : new(Workday.Beginning);

    private static void Apply(IServiceProvider services, Setup setup)
    {
        var problems = new YamlProblems("bench");
        ActivatorUtilities.CreateInstance<ApplySetup>(services).Run(setup, problems, Actor.File("bench"), plan: false);
        if (problems.Any) throw new InvalidOperationException(string.Join('\n', problems.InOrder()));
    }

    private static string Floor(int people)
    {
        var yaml = new StringBuilder("sites: [ { id: vilnius, zone: Europe/Vilnius }, { id: leeds, zone: Europe/London } ]\n");
        var teams = (people + TeamOf - 1) / TeamOf;
        var from = Workday.Of(2020, 1, 1);
        yaml.AppendLine("teams:");
        for (var t = 0; t < teams; t++)
            yaml.AppendLine($"  - {{ id: t{t}, name: Team {t + 1}, site: {(t % 3 == 0 ? "leeds" : "vilnius")} }}");
        yaml.AppendLine("groups: [ { id: nights, name: Nights } ]\ndivisions: [ { id: north, name: North } ]");
        yaml.AppendLine("people:\n  - { id: boss, name: Boss, role: admin }");
        for (var t = 0; t < teams; t++)
            yaml.AppendLine($"  - {{ id: {Leader(t)}, name: {Named(t * 7)}, role: leader, team: t{t}, from: {from} }}");
        for (var p = 0; p < people; p++) yaml.AppendLine($"  - {{ id: {Agent(p)}, name: {Named(p)}, team: t{Team(p)}, from: {from}"
            + (p % 20 == 0 ? ", groups: [nights]" : "") + (p % 10 == 0 ? ", division: north }" : " }"));
        return yaml.ToString();
    }

    private static string Named(int i) => $"{First[i % First.Length]} {Last[i / First.Length % Last.Length]} {i}";

    /// <summary>A year of them up to now, in order. Some people do twice as much as others; few work on weekends.</summary>
    public static IEnumerable<IncomingActivity> Activities(int seed, int people, int count, long now)
    {
        var random = new Random(seed);
        var begin = now - (Days * DayMs);
        // Five workdays of seven, and a tenth of the work on the others.
        double Share(int day) => DateTimeOffset.FromUnixTimeMilliseconds(begin + (day * DayMs)).DayOfWeek
            is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.1 : 1;
        var whole = Enumerable.Range(0, Days).Sum(Share);
        var made = 0;
        for (var day = 0; day < Days; day++)
        {
            var today = day == Days - 1 ? count - made : (int)(count * Share(day) / whole);
            for (var i = 0; i < today; i++)
                yield return Next(random, people, begin + (day * DayMs) + (i * (DayMs / today)));
            made += today;
        }
    }

    private static IncomingActivity Next(Random random, int people, long at)
    {
        var roll = random.Next(1_000);
        var type = Mix[0].Type;
        foreach (var (kind, weight) in Mix)
        {
            type = kind;
            if ((roll -= weight) < 0) break;
        }
        // The smaller of two: half of the people do three quarters of the work.
        var person = Agent(Math.Min(random.Next(people), random.Next(people + (people / 2)) % people));
        return new("bench", ActivityId.Of(Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(at))), type, person, null, at,
            Measures(random, type), Labels(random, type))
        {
            Project = Project(random, type, at),
        };
    }

    /// <summary>Sales belong to one of two hundred projects, six at a time.</summary>
    private static string? Project(Random random, string type, long at) =>
        type == "sale-closed"
            ? string.Create(CultureInfo.InvariantCulture, $"campaign-{((at / (11 * DayMs)) + (random.Next(6) * 34)) % 200}") : null;

    private static List<Measure> Measures(Random random, string type)
    {
        return type switch
        {
            "feedback-received" => [Of("stars", 1, 6)],
            "reply-sent" => [Of("characters", 20, 3_000)],
            "chat-answered" => [Of("wait", 1, 90)],
            "chat-ended" => [Of("messages", 2, 60)],
            "call-ended" => [Of("talk", 20, 1_800)],
            "case-viewed" => [Of("seconds", 5, 900)],
            "sale-closed" => [Of("value", 50, 5_000), Of("commission", 1, 100)],
            _ => [],
        };

        Measure Of(string name, int from, int until) => new(name, new Amount(random.Next(from, until) * 1_000L));
    }

    private static List<Label> Labels(Random random, string type) => type switch
    {
        "case-resolved" =>
        [
            new("channel", Channels[random.Next(Channels.Length)]), new("priority", random.Next(10) == 0 ? "urgent" : "normal"),
            new("first-contact", random.Next(5) < 3 ? "yes" : "no"),
        ],
        "feedback-received" => [new("rating", random.Next(10) switch { < 6 => "reward", < 9 => "neutral", _ => "rebuke" })],
        _ => [],
    };
}

using System.Globalization;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>
/// People who come into teams, groups and roles and leave them, from days of the past, from today and from days to come. What that comes
/// to is kept here by itself, not read from the database.
/// </summary>
internal sealed class RandomBelonging(Random random, RandomFloor floor, int people)
{
    private static readonly string[] Roles = ["agent", "leader"];

    private sealed class Own
    {
        public SortedDictionary<Workday, int> Teams { get; } = [];
        public SortedDictionary<Workday, int[]> Groups { get; } = [];
        public SortedDictionary<Workday, string> Roles { get; } = new() { [Workday.Beginning] = "agent" };
    }

    private readonly Own[] all = [.. Enumerable.Range(0, people).Select(_ => new Own())];

    public const string Setup = "groups: [ { id: g0 }, { id: g1 } ]\n";

    /// <summary>Audiences for rules; many can be earned by everybody.</summary>
    public static readonly string[] Audiences =
    [
        "", "", "", ", audience: { teams: [t0] }", ", audience: { groups: [g0] }", ", audience: { teams: [t1], groups: [g1] }",
        ", audience: { roles: [agent] }", ", audience: { groups: [g0, g1], roles: [leader] }",
    ];

    /// <summary>In one go, as somebody would enter it.</summary>
    public void Change(CoreFixture core)
    {
        for (var left = random.Next(4); left > 0; left--)
        {
            var person = random.Next(people);
            var own = all[person];
            var today = floor.WorkdayOf(person, core.Time.GetUtcNow().ToUnixTimeMilliseconds()).Day;
            Workday? said = random.Next(4) switch
            {
                0 or 1 => null,
                2 => today.Plus(random.Next(-20, 0)),
                _ => today.Plus(random.Next(0, 6)),
            };
            var from = said ?? today;
            var line = $"id: p{person}" + (said is { } day ? $", from: {day}" : "");
            if (random.Next(2) == 0)
            {
                var team = random.Next(RandomHistory.Teams);
                line += $", team: t{team}";
                if (On(own.Teams, from, -1) is var known && known != team) own.Teams[known < 0 ? Workday.Beginning : from] = team;
            }
            if (random.Next(2) == 0)
            {
                var groups = Enumerable.Range(0, 2).Where(_ => random.Next(2) == 0).ToArray();
                line += $", groups: [{string.Join(", ", groups.Select(g => $"g{g}"))}]";
                var since = said is null && own.Groups.Values.All(g => g.Length == 0) ? Workday.Beginning : from;
                foreach (var later in own.Groups.Keys.Where(d => d >= since).ToList()) own.Groups.Remove(later);
                own.Groups[since] = groups;
            }
            var (role, before) = (random.Next(4) == 0 ? Roles[random.Next(Roles.Length)] : Now(own), Now(own));
            line += $", role: {role}";
            if (role != before)
            {
                foreach (var later in own.Roles.Keys.Where(d => d >= from && d > Workday.Beginning).ToList()) own.Roles.Remove(later);
                own.Roles[from] = role;
            }
            roles[person] = role;
            core.Apply($"people: [ {{ {line} }} ]");
        }
    }

    private readonly Dictionary<int, string> roles = [];

    private string Now(Own own) => roles.GetValueOrDefault(Array.IndexOf(all, own), "agent");

    /// <summary>What a file says of somebody's role where it speaks of other things.</summary>
    public string RoleOf(int person) => roles.GetValueOrDefault(person, "agent");

    public Place PlaceOn(int person, Workday day, Func<string, long> team, Func<string, long> group) => new(
        On(all[person].Teams, day, -1) is >= 0 and var own ? team(string.Create(CultureInfo.InvariantCulture, $"t{own}")) : null,
        [.. On(all[person].Groups, day, []).Select(g => group(string.Create(CultureInfo.InvariantCulture, $"g{g}")))],
        On(all[person].Roles, day, "agent"));

    public IEnumerable<Workday> Moves(int person) => all[person].Teams.Keys.Concat(all[person].Groups.Keys).Concat(all[person].Roles.Keys)
        .Where(d => d > Workday.Beginning).Distinct();

    private static T On<T>(SortedDictionary<Workday, T> dated, Workday day, T otherwise) =>
        dated.Where(d => d.Key <= day).Select(d => d.Value).LastOrDefault(otherwise)!;

    public override string ToString() => string.Join('\n', all.Select((own, i) => $"  p{i} "
        + string.Join(", ", own.Teams.Select(t => $"{t.Key} t{t.Value}")) + " | "
        + string.Join(", ", own.Groups.Select(g => $"{g.Key} {string.Join("+", g.Value.Select(x => $"g{x}"))}")) + " | "
        + string.Join(", ", own.Roles.Select(r => $"{r.Key} {r.Value}"))));
}

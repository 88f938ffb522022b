using Dapper;
using Laurel.App.Features.Retention;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Engine.Reference;
using Microsoft.Extensions.DependencyInjection;

namespace Laurel.App.Tests.Features.Achievements;

/// <summary>
/// A retention horizon that moves on now and then. Activities, daily rows and awards of before it are written down when it moves: they
/// are what everything later goes on from.
/// </summary>
internal sealed class RandomHorizon(CoreFixture core, Random random, RandomFloor floor)
{
    private readonly HashSet<(string, ActivityId)> gone = [];
    private readonly Dictionary<(string Table, long Metric, int Day, long Owner), Rollup> rows = [];

    public Workday Day { get; private set; } = Workday.Beginning;

    /// <summary>Awards of before it.</summary>
    public HashSet<Held> Facts { get; } = [];

    public bool IsGone(IncomingActivity activity) => gone.Contains((activity.Source, activity.Id));

    /// <summary>At rest. Nearer to today than anybody may come: long before most work of these few weeks has arrived.</summary>
    /// <param name="placed">The effective activities that count, with their workdays.</param>
    public bool Move(IEnumerable<(IncomingActivity Activity, Workday Day)> placed)
    {
        if (random.Next(4) > 0) return false;
        var last = Workday.Min(floor.ClosedEverywhere(core).Plus(1),
            Workday.Of(NodaTime.Instant.FromDateTimeOffset(core.Time.GetUtcNow()).InUtc().Date).Plus(-5));
        var to = last.Plus(-random.Next(12));
        if (to <= Day) return false;
        foreach (var (activity, day) in placed)
            if (day < to) gone.Add((activity.Source, activity.Id));
        Write(to);
        Day = to;
        core.Database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            Horizon.Apply(c, t, new CatalogueStore().Current(c, t), to, core.Time.GetUtcNow().ToUnixTimeMilliseconds());
            Rulebook.TouchRules(c, t);
        });
        return true;
    }

    private void Write(Workday to)
    {
        using var connection = core.Database.Read();
        var snapshot = core.Services.GetRequiredService<CatalogueStore>().Current(connection);
        foreach (var (table, labels, owner) in (ReadOnlySpan<(string, string, string)>)
                 [("rollup", "label_rollup", "person"), ("team_rollup", "team_label_rollup", "team")])
        {
            foreach (var (metric, day, of, count, sum, least, greatest) in connection.Query<(long, int, long, long, long, long, long)>(
                         $"SELECT metric, day, {owner}, count, sum, least, greatest FROM {table} WHERE day < @day",
                         new { day = to.Number }))
                if (day >= Day.Number) rows.Add((table, metric, day, of), new Rollup(count, sum, least, greatest));
            foreach (var (metric, day, of, label, count) in connection.Query<(long, int, long, string, long)>(
                         $"SELECT metric, day, {owner}, label, count FROM {labels} WHERE day < @day", new { day = to.Number }))
                if (day >= Day.Number)
                {
                    var row = rows.GetValueOrDefault((table, metric, day, of), Rollup.None);
                    rows[(table, metric, day, of)] = row with { Beside = (row.Beside as Texts ?? Texts.None).Add(label, count) };
                }
        }
        foreach (var award in connection.Query<(long Achievement, int Tier, long Person, string Occasion, long At, long Value, int First)>(
                     """
                     SELECT achievement, tier, person, occasion, earned_at, value, first FROM award
                     WHERE flagged_at IS NULL AND revoked_at IS NULL
                     """))
        {
            var (rule, person) = (snapshot.Rules.Rule(new(award.Achievement))!, new PersonKey(award.Person));
            var (whose, eve) = (snapshot.Floor.Person(person)!.Id[1] - '0', rule.InForce(to.Plus(-1)).Rule);
            // A workday that was left out on the way over the date line begins after the one that follows it.
            var (start, before) = (floor.StartOf(whose, to), floor.StartOf(whose, to.Plus(-1)));
            TimeRange? range = rule.Current switch
            {
                Threshold threshold => threshold.Range,
                PersonalRecord record => record.Range,
                Improvement improvement => improvement.Range,
                FirstTime or Streak or FullCollection => TimeRange.All,
                _ => null,
            };
            var isBefore = range switch
            {
                null => award.First < to.Number,
                TimeRange.All => award.At < start || ((award.At == start || award.At == before) && !snapshot.Rules.IsLive(eve)),
                { } period => WorkdaySpan.Of(period, new(award.First), rule.WeekStart).First < to,
            };
            if (isBefore) Facts.Add(new(new(award.Achievement), award.Tier, person, award.Occasion, award.At, new(award.Value)));
        }
    }

    /// <summary>Awards that were computed in a test and dropped.</summary>
    public void Forget(AchievementKey achievement) => Facts.RemoveWhere(f => f.Achievement == achievement);

    public IEnumerable<(long Metric, int Day, long Owner, Rollup Rollup)> Rows(string table) =>
        rows.Where(r => r.Key.Table == table).Select(r => (r.Key.Metric, r.Key.Day, r.Key.Owner, r.Value));

    public IReadOnlyList<DayRollup> Before(PersonKey person, MetricKey metric) =>
        [.. Rows("rollup").Where(r => r.Metric == metric.Value && r.Owner == person.Value).OrderBy(r => r.Day)
            .Select(r => new DayRollup(new(r.Day), r.Rollup))];

    public IReadOnlyList<PersonKey> People => [.. Rows("rollup").Select(r => new PersonKey(r.Owner)).Distinct()];

    /// <summary>With what stands for its occasion whatever is decided.</summary>
    public HashSet<Held> AndFacts(IEnumerable<Held> decided)
    {
        var standing = Facts.Select(Key).ToHashSet();
        return [.. Facts, .. decided.Where(h => !standing.Contains(Key(h)))];
    }

    public override string ToString() => $"  horizon {(Day == Workday.Beginning ? "none" : Day.ToString())}";

    private static (AchievementKey, int, PersonKey, string) Key(Held held) => (held.Achievement, held.Tier, held.Person, held.Occasion);
}

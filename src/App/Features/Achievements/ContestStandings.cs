using System.Collections.Concurrent;
using System.Data.Common;
using Laurel.App.Features.Metrics;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <param name="OfPerson">Of who competes.</param>
/// <param name="Otherwise">What all others see.</param>
public sealed record ContestLeads(IReadOnlyDictionary<PersonKey, ContestLead> OfPerson, ContestLead Otherwise);

/// <summary>Everybody's value in a period that runs, as of one moment.</summary>
public sealed class PeriodStanding(IReadOnlyList<Candidate> all)
{
    private readonly Dictionary<PersonKey, Rollup> values = all.ToDictionary(c => c.Person, c => c.Rollup);
    private readonly ConcurrentDictionary<(AchievementKey, Workday, (long, long) Catalogue), ContestLeads> leads = new();

    public IReadOnlyList<Candidate> All => all;

    /// <summary>Null without data.</summary>
    public Rollup? Of(PersonKey person) => values.TryGetValue(person, out var own) ? own : null;

    /// <summary>Where a person stands in a contest. Who leads it is found once for all who ask.</summary>
    public AgainstTheBest Against(
        AchievementKey achievement, Workday today, (long, long) catalogue, PersonKey person,
        Func<IReadOnlyList<Candidate>, ContestLeads> find)
    {
        var found = leads.GetOrAdd((achievement, today, catalogue), _ => find(all));
        return found.OfPerson.TryGetValue(person, out var lead) ? lead.Against(person, Of(person)) : found.Otherwise.Against(person, null);
    }
}

/// <summary>
/// Everybody's values in periods that run. One reading serves all pages of this node for a few seconds; then the next is made behind
/// the pages that ask, unless nobody has asked for long.
/// </summary>
public sealed class ContestStandings(Database database, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3), Old = TimeSpan.FromSeconds(10), Unused = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<(MetricKey, WorkdaySpan), Slot> slots = new();

    public PeriodStanding Of(DbConnection connection, Metric metric, WorkdaySpan period)
    {
        var now = time.GetUtcNow();
        var slot = slots.GetOrAdd((metric.Key, period), _ => new Slot());
        if (slot.Read is not { } known || now - known.At >= Old) return Read(connection, metric, period, slot, now);
        if (now - known.At >= Fresh && Interlocked.Exchange(ref slot.Reading, 1) == 0)
            _ = Task.Run(() =>
            {
                try
                {
                    using var own = database.Read();
                    Read(own, metric, period, slot, time.GetUtcNow());
                }
                // Whoever asks when this has become old reads for themselves, and is told what is wrong.
                catch (DbException)
                {
                }
                finally
                {
                    Interlocked.Exchange(ref slot.Reading, 0);
                }
            });
        return known.Standing;
    }

    private PeriodStanding Read(DbConnection connection, Metric metric, WorkdaySpan period, Slot slot, DateTimeOffset now)
    {
        // Periods that are over are not asked for again.
        foreach (var (key, old) in slots)
            if (old.Read is { } last && now - last.At > Unused) slots.TryRemove(key, out _);
        var standing = new PeriodStanding(
            [.. RollupStore.Totals(connection, metric, period).Select(t => new Candidate(t.Key, t.Value))]);
        slot.Read = new(standing, now);
        return standing;
    }

    private sealed record Reading(PeriodStanding Standing, DateTimeOffset At);

    private sealed class Slot
    {
        public volatile Reading? Read;
        public int Reading;
    }
}

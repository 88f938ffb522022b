using System.Data.Common;
using System.Globalization;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Goals;
using Laurel.App.Features.Metrics;
using Laurel.App.Features.Presence;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Engine.Presence;
using Laurel.Engine.Reference;
using Laurel.Storage;

namespace Laurel.App.Features.Verifying;

/// <summary>
/// Counts everything again from the activities and compares it with what is kept: workdays and identities of activities, daily rollups
/// of people and teams, and the awards that hold, which the naive reference decides. Reads one unchanging view of a database at rest.
/// </summary>
public sealed class Verification(Database database, CatalogueStore catalogue, TimeProvider time)
{
    /// <summary>Activities in memory at once, but for somebody with more.</summary>
    private const int Part = 100_000;

    /// <summary>Null where work is due: that is no database at rest.</summary>
    /// <param name="tell">Told of each difference as it is found.</param>
    public Verified? Run(Action<Difference> tell, CancellationToken cancel)
    {
        using var connection = database.Read();
        using var reading = database.Snapshot(connection);
        var snapshot = catalogue.Current(connection, reading);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return VerifyStore.Due(connection, reading, now) > 0 ? null : new Pass(connection, reading, snapshot, now, tell, cancel).Run();
    }

    /// <summary>A day's rollup, and the latest instant in it.</summary>
    private readonly record struct DayCount(Rollup Rollup, long Latest);

    private sealed class Pass(
        DbConnection connection, DbTransaction reading, Snapshot snapshot, long now, Action<Difference> tell, CancellationToken cancel)
    {
        private readonly Dictionary<long, string> people = VerifyStore.Ids(connection, reading, "person");
        private readonly Dictionary<long, string> teams = VerifyStore.Ids(connection, reading, "team");
        private readonly Dictionary<long, string> achievements = VerifyStore.Ids(connection, reading, "achievement");
        private readonly ILookup<string, KeptMetric> metrics = snapshot.Rules.Metrics
            .SelectMany(m => snapshot.Rules.Types.Where(t => m.Metric.Counts(t.Id)).Select(t => (t.Id, m)))
            .ToLookup(p => p.Id, p => p.m, StringComparer.Ordinal);
        private readonly History history = new(
            [], snapshot.Rules.Rules, snapshot.Rules.Metric,
            (person, day) => snapshot.Floor.Person(person)!.StartOf(day),
            person => snapshot.Floor.Person(person)!.ClosedThrough,
            snapshot.Floor.ClosedEverywhere,
            person => snapshot.Floor.Person(person)!.BegunThrough(now))
        {
            Goals = GoalStore.Of(connection, reading),
            DayOf = (person, at) => snapshot.Floor.Person(person)!.WorkdayOf(at).Day,
            PlaceOn = (person, day) => snapshot.Floor.Person(person)!.Places.On(day),
            SiteOn = (person, day) => snapshot.Floor.Person(person)!.SiteOn(day).Key,
            Moves = person => snapshot.Floor.Person(person)!.Places.Changes,
        };
        private readonly List<ProjectDeed> inProjects = [];
        private long activities, rollups, awards, differences;

        public Verified Run()
        {
            foreach (var orphan in VerifyStore.Orphans(connection, reading))
                Differs($"activity {Engine.Activities.ActivityId.FromBytes(orphan.Id)} of {orphan.Source}",
                    orphan.HasKey ? "as an identity without an activity" : "without an identity of its own", "one of each");
            foreach (var (first, last) in VerifyStore.Parts(connection, reading, Part)) People(first, last);
            OfNobody();
            Contests();
            FirstsInProjects();
            Draws();
            return new(activities, rollups, awards, differences);
        }

        /// <summary>Some people's rollups, and what each of them earns alone.</summary>
        private void People(long first, long last)
        {
            var deeds = new List<Deed>();
            var presence = new Dictionary<long, KeptPresence>();
            var counted = new Dictionary<RowKey, DayCount>();
            foreach (var activity in ActivityStore.OfPeople(connection, first, last, reading))
            {
                cancel.ThrowIfCancellationRequested();
                if (PresenceTypes.IsOne(activity.Type)) Note(presence, activity);
                if (Deed(activity) is not { } deed) continue;
                if (activity.Project is { } project && snapshot.Rules.MayBeFirst(activity.Type)) inProjects.Add(new(project, deed));
                deeds.Add(deed);
                Count(counted, activity, deed.Day, deed.Clock, deed.Person.Value);
            }
            foreach (var (person, own) in presence.OrderBy(p => p.Key)) Compare(person, own);
            var kept = VerifyStore.Rollups(connection, reading, first, last);
            var before = Given(kept, counted);
            Compare(kept, counted, "rollup", people);
            Compare(VerifyStore.Totals(connection, reading, snapshot.Version.Rules, first, last), counted);
            Compare(VerifyStore.Packed(connection, reading, first, last), kept);
            var days = before.ToLookup(r => (new PersonKey(r.Key.Owner), r.Key.Metric), r => new DayRollup(r.Key.Day, r.Value));
            var stored = VerifyStore.Awards(connection, reading, first, last).ToList();
            // Contests are held against the reference by themselves, and facts are as they are.
            var given = stored.Where(a => a.IsFact || (IsOfOne(a) is not true && !a.Flagged)).ToLookup(a => new PersonKey(a.Person),
                a => new Held(new(a.Achievement), a.Tier, new(a.Person), a.Occasion, a.EarnedAt, new(a.Value)));
            var whole = history with
            {
                Before = (person, metric) => [.. days[(person, metric)]],
                Given = person => given[person],
            };
            var byPerson = deeds.ToLookup(d => d.Person);
            var expected = byPerson.Select(own => own.Key).Union(days.Select(own => own.Key.Item1)).Union(given.Select(own => own.Key))
                .SelectMany(person =>
            {
                cancel.ThrowIfCancellationRequested();
                return NaiveAwards.OfPerson(whole with { Deeds = [.. byPerson[person]] }, person);
            });
            Compare(stored.Where(a => IsOfOne(a) == true), expected);
        }

        private static void Note(Dictionary<long, KeptPresence> presence, KeptActivity activity)
        {
            if (!presence.TryGetValue(activity.Person!.Value, out var own)) presence[activity.Person.Value] = own = new();
            (activity.Type == PresenceTypes.Change ? own.Changes : own.Segments).Add(activity);
        }

        /// <summary>The segments of one person's workdays are what the status changes say.</summary>
        private void Compare(long key, KeptPresence own)
        {
            if (snapshot.Rules.Presence is not { } rules || snapshot.Floor.Person(new PersonKey(key)) is not { } person) return;
            var horizon = snapshot.Rules.Horizon;
            var expected = PresenceSegments.All(person, own.Changes, own.Segments, rules, horizon, now, NaivePresence.Of)
                .Where(s => !s.IsOpen && rules.Keeps(s.Status)).ToDictionary(s => (s.Day, s.At));
            foreach (var stored in own.Segments.Where(s => s.Day >= horizon).OrderBy(s => s.At))
                if (!expected.Remove((stored.Day, stored.At), out var segment))
                    Differs(Named(stored.At), Said(stored.Body), "none");
                else if (PresenceSegments.Activity(person, rules, segment) is var right && !PresenceSegments.IsSame(right, stored))
                    Differs(Named(stored.At), Said(stored.Body), Said(new ActivityBody(right.Measures, right.Labels, null, null)));
            foreach (var missing in expected.Values.OrderBy(s => s.At))
            {
                var right = PresenceSegments.Activity(person, rules, missing);
                Differs(Named(missing.At), "none", Said(new ActivityBody(right.Measures, right.Labels, null, null)));
            }

            string Named(long at) => $"time in a status of {people[key]} until {Said(at + 1)}";
        }

        private static string Said(ActivityBody body) => string.Join(", ",
            [.. body.Labels.Select(l => l.Text), .. body.Measures.Select(m => $"{m.Name} {m.Amount}")]);

        /// <summary>
        /// Rows of before the retention horizon, whose activities are gone: they are taken as they are, and all later values go
        /// on from them.
        /// </summary>
        private List<KeyValuePair<RowKey, Rollup>> Given(Dictionary<RowKey, Rollup> kept, Dictionary<RowKey, DayCount> counted)
        {
            List<KeyValuePair<RowKey, Rollup>> given = [.. kept.Where(r => r.Key.Day < snapshot.Rules.Horizon)];
            foreach (var (key, rollup) in given) counted[key] = new(rollup, long.MinValue);
            return given;
        }

        /// <summary>Work that no person did belongs to its team.</summary>
        private void OfNobody()
        {
            var sites = VerifyStore.SitesOfTeams(connection, reading);
            var counted = new Dictionary<RowKey, DayCount>();
            foreach (var activity in ActivityStore.OfNobody(connection, reading))
            {
                cancel.ThrowIfCancellationRequested();
                activities++;
                var site = activity.Team is { } t ? snapshot.Floor.Sites.First(s => s.Key == sites[t]) : snapshot.Floor.Site!;
                var day = DayOf(activity, site.Clock.WorkdayOf(activity.At));
                if (activity.Team is { } team) Count(counted, activity, day, site.Clock, team);
            }
            var kept = VerifyStore.TeamRollups(connection, reading);
            Given(kept, counted);
            Compare(kept, counted, "team rollup", teams);
        }

        /// <summary>The best of each period: workday by workday, with no more of them at hand than the open periods need.</summary>
        private void Contests()
        {
            var rules = snapshot.Rules.Rules.Where(r => snapshot.Rules.Contest(r) is not null).ToList();
            var expected = new List<Held>();
            var deeds = new List<Deed>();
            var open = new HashSet<(int Rule, WorkdaySpan Period)>();
            foreach (var day in rules.Count == 0 ? [] : VerifyStore.Days(connection, reading))
            {
                cancel.ThrowIfCancellationRequested();
                Decide(day);
                deeds.AddRange(ActivityStore.OfDay(connection, day, reading)
                    .Select(a => new Deed(new(a.Person!.Value), a.Type, a.Order, a.Day,
                        snapshot.Floor.ClockOf(new PersonKey(a.Person!.Value), a.At), a.Body.Measures, a.Body.Labels))
                    .Where(d => snapshot.Floor.Person(d.Person) is not null));
                for (var rule = 0; rule < rules.Count; rule++)
                    foreach (var period in NaiveAwards.Periods(rules[rule], day)) open.Add((rule, period));
            }
            Decide(Workday.End);
            Compare(VerifyStore.Awards(connection, reading, long.MinValue, long.MaxValue).Where(a => IsContest(a) == true), expected);

            void Decide(Workday before)
            {
                foreach (var (rule, period) in open.Where(o => o.Period.Last < before))
                {
                    var own = history with { Deeds = [.. deeds.Where(d => period.Contains(d.Day))] };
                    expected.AddRange(NaiveAwards.OfPeriod(own, rules[rule], period));
                }
                open.RemoveWhere(o => o.Period.Last < before);
                var needed = open.Select(o => o.Period.First).Append(before).Min();
                deeds.RemoveAll(d => d.Day < needed);
            }
        }

        /// <summary>Who won is a fact; whether it still holds, and whether anybody else should have won by now, is compared.</summary>
        private void FirstsInProjects()
        {
            var rules = snapshot.Rules.FirstsInProjects;
            if (rules.Count == 0) return;
            var projects = connection.Query<(long Key, string Id, int Day)>("SELECT key, id, day FROM project ORDER BY key",
                transaction: reading).Select(p => new NaiveProject(p.Key, p.Id, new(p.Day))).ToList();
            var stored = VerifyStore.Awards(connection, reading, long.MinValue, long.MaxValue)
                .Where(a => snapshot.Rules.Rule(new(a.Achievement))?.Current.FirstOf().Count > 0).ToList();
            var byOccasion = stored.ToDictionary(a => (a.Achievement, a.Occasion));
            var names = projects.ToDictionary(p => p.Key, p => p.Id);
            var won = Achievements.FirstsInProjects.Recorded(connection, reading, "1 = 1").Select(f =>
            {
                var award = byOccasion[(f.Achievement.Value, names[f.Project])];
                return new NaiveFirst(f.Achievement, f.Project, new(f.Achievement, award.Tier, new(award.Person), award.Occasion,
                    award.EarnedAt, new(award.Value)), f.Types, f.Won);
            }).ToList();
            Compare(stored, NaiveAwards.FirstsInProjects(
                rules, projects, inProjects, won, at => Projects.NameProjects.DayOf(snapshot, at)));
        }

        /// <summary>What was drawn is drawn again from each record; the awards are those of the records.</summary>
        private void Draws()
        {
            if (!snapshot.Rules.Rules.Any(r => r.Current.IsDrawn())) return;
            var recorded = Achievements.Draws.Recorded(connection, reading);
            foreach (var draw in recorded)
            {
                awards++;
                if (NaiveAwards.WrongWith(draw) is { } wrong)
                    Differs($"draw of {draw.Id} on {draw.Day}", draw.Winner is { } winner ? $"won by {winner}" : "won by nobody", wrong);
            }
            Compare(VerifyStore.Awards(connection, reading, long.MinValue, long.MaxValue)
                .Where(a => snapshot.Rules.Rule(new(a.Achievement))?.Current.IsDrawn() == true),
                NaiveAwards.Draws(recorded, id => snapshot.Floor.Person(id)!.Key));
        }

        /// <summary>Whether it is decided for one person alone; null for achievements that are only given by hand.</summary>
        private bool? IsOfOne(StoredAward award) =>
            snapshot.Rules.Rule(new(award.Achievement)) is { } rule ? snapshot.Rules.Decision(rule) is not null : null;

        /// <summary>Whether the award is one of a contest; null for achievements that are only given by hand.</summary>
        private bool? IsContest(StoredAward award) =>
            snapshot.Rules.Rule(new(award.Achievement)) is { } rule ? snapshot.Rules.Contest(rule) is not null : null;

        private Deed? Deed(KeptActivity activity)
        {
            activities++;
            if (snapshot.Floor.Person(new PersonKey(activity.Person!.Value)) is not { } person)
            {
                Differs($"activity {activity.Id} of {activity.Source}", $"of a person number {activity.Person}", "of somebody");
                return null;
            }
            var (day, site) = person.WorkdayOf(activity.At);
            return new(person.Key, activity.Type, activity.Order, DayOf(activity, day), site.Clock, activity.Body.Measures,
                activity.Body.Labels);
        }

        private Workday DayOf(KeptActivity activity, Workday day)
        {
            // What was counted behind the retention horizon stays there, wherever its team or person has moved.
            day = Workday.Max(day, snapshot.Rules.Horizon);
            if (activity.Day != day) Differs($"activity {activity.Id} of {activity.Source}", $"on {activity.Day}", $"on {day}");
            return day;
        }

        private void Count(Dictionary<RowKey, DayCount> counted, KeptActivity activity, Workday day, SiteClock clock, long owner)
        {
            var occurrence = new Occurrence(activity.Type, activity.Body.Measures, activity.Body.Labels, activity.At, day, clock);
            foreach (var kept in metrics[activity.Type])
            {
                // A metric whose building failed has only what lies behind its mark.
                if (!kept.Holds(activity.Key)) continue;
                if (kept.Metric.Reads(occurrence) is not { } reading) continue;
                var key = new RowKey(kept.Metric.Key, day, owner);
                var before = counted.GetValueOrDefault(key, new(Rollup.None, long.MinValue));
                counted[key] = new(before.Rollup.Add(reading), Math.Max(before.Latest, activity.At));
            }
        }

        private void Compare(
            Dictionary<RowKey, Rollup> stored, Dictionary<RowKey, DayCount> counted, string what, Dictionary<long, string> owners)
        {
            foreach (var key in stored.Keys.Union(counted.Keys).OrderBy(k => k.Metric).ThenBy(k => k.Owner).ThenBy(k => k.Day))
            {
                rollups++;
                var kept = stored.GetValueOrDefault(key, Rollup.None);
                var right = counted.TryGetValue(key, out var day) ? day.Rollup : Rollup.None;
                if (kept == right) continue;
                Differs($"{what} of {Named(key.Metric)}, {owners.GetValueOrDefault(key.Owner, $"number {key.Owner}")}, {key.Day}",
                    Said(kept), Said(right));
            }
        }

        /// <summary>Running totals may lack; one that is there is right, and knows an instant that is not before its latest work.</summary>
        private void Compare(List<(TotalKey Key, Total Total)> stored, Dictionary<RowKey, DayCount> counted)
        {
            if (stored.Count == 0) return;
            var days = counted.ToLookup(c => (c.Key.Metric, c.Key.Owner), c => (c.Key.Day, c.Value));
            foreach (var (key, total) in stored)
            {
                var right = days[(key.Metric, key.Person.Value)].Where(d => key.Days.Contains(d.Day)).Aggregate(
                    new DayCount(Rollup.None, long.MinValue), (sum, d) =>
                        new(sum.Rollup.Merge(d.Value.Rollup), Math.Max(sum.Latest, d.Value.Latest)));
                var whose = people.GetValueOrDefault(key.Person.Value, $"number {key.Person.Value}");
                var what = $"running total of {Named(key.Metric)}, {whose}, {Said(key.Days)}";
                if (total.Rollup != right.Rollup) Differs(what, Said(total.Rollup), Said(right.Rollup));
                else if (total.LastAt < right.Latest) Differs(what, $"up to {Said(total.LastAt.Value)}", $"up to {Said(right.Latest)}");
            }
        }

        /// <summary>Packed days may lack; a row that is there says what the rollups say.</summary>
        private void Compare(List<(PersonKey Person, int Block, byte[] Days)> packed, Dictionary<RowKey, Rollup> kept)
        {
            if (packed.Count == 0) return;
            var rows = kept.ToLookup(r => (r.Key.Owner, PackedDays.BlockOf(r.Key.Day)));
            foreach (var (person, block, days) in packed)
            {
                var right = rows[(person.Value, block)].ToDictionary(r => (r.Key.Metric, r.Key.Day), r => r.Value with { Beside = null });
                var own = PackedDays.Read(block, days).ToDictionary(r => (r.Metric, r.Day.Day), r => r.Day.Rollup);
                foreach (var key in right.Keys.Union(own.Keys).OrderBy(k => k.Metric).ThenBy(k => k.Day))
                    if (own.GetValueOrDefault(key, Rollup.None) is var told && right.GetValueOrDefault(key, Rollup.None) is var counted
                        && told != counted)
                        Differs($"packed day of {Named(key.Metric)}, {people.GetValueOrDefault(person.Value, $"number {person.Value}")}, "
                            + key.Day, Said(told), Said(counted));
            }
        }

        private void Compare(IEnumerable<StoredAward> stored, IEnumerable<Held> expected)
        {
            var wanted = expected.ToDictionary(h => (h.Achievement.Value, h.Tier, h.Person.Value, h.Occasion));
            foreach (var award in stored)
            {
                var key = (award.Achievement, award.Tier, award.Person, award.Occasion);
                var holds = wanted.Remove(key, out var held);
                // What somebody has given or taken back stays so, and what was flagged and does not hold is as it should be.
                if (award.IsFact || (award.Flagged && !holds)) continue;
                awards++;
                if (!holds)
                    Differs(Named(award.Achievement, award.Tier, award.Person, award.Occasion), Said(award.EarnedAt, award.Value), "none");
                else if (award.Flagged) Differs(Named(held), "flagged", Said(held.EarnedAt, held.Value.Thousandths));
                else if (award.EarnedAt != held.EarnedAt || award.Value != held.Value.Thousandths)
                    Differs(Named(held), Said(award.EarnedAt, award.Value), Said(held.EarnedAt, held.Value.Thousandths));
            }
            foreach (var missing in wanted.Values)
            {
                awards++;
                Differs(Named(missing), "none", Said(missing.EarnedAt, missing.Value.Thousandths));
            }
        }

        private string Named(MetricKey metric) => snapshot.Rules.Metrics.FirstOrDefault(m => m.Metric.Key == metric) switch
        {
            null => $"metric number {metric.Value}",
            { Version: 1 } only => only.Metric.Id,
            var later => $"{later.Metric.Id} (version {later.Version})",
        };

        private string Named(Held held) => Named(held.Achievement.Value, held.Tier, held.Person.Value, held.Occasion);

        private string Named(long achievement, int tier, long person, string occasion) =>
            $"award {achievements[achievement]}{(tier > 0 ? $" tier {tier}" : "")}, {people[person]}, {Occasion.Printed(occasion)}";

        private static string Said(long earnedAt, long value) => string.Create(CultureInfo.InvariantCulture,
            $"earned at {Said(earnedAt)} with {new Amount(value)}");

        private static string Said(long at) =>
            DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

        private static string Said(WorkdaySpan days) => days.Last < Workday.End ? $"{days.First} to {days.Last}"
            : days.First > Workday.Beginning ? $"since {days.First}" : "all time";

        private static string Said(Rollup rollup) => rollup.IsEmpty ? "none" : string.Create(CultureInfo.InvariantCulture,
            $"{rollup.Count} with sum {(decimal)rollup.Sum / 1000:0.###}, least {new Amount(rollup.Least)}, "
            + $"greatest {new Amount(rollup.Greatest)}")
            + (rollup.Beside is Texts texts
                ? ", of " + string.Join(", ", texts.Counts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key} ({t.Value})"))
                : "");

        private void Differs(string what, string stored, string shouldBe)
        {
            differences++;
            tell(new(what, stored, shouldBe));
        }
    }
}

using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Achievements;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Engine.Presence;
using Laurel.Engine.Reference;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>Gives random seeds for draws.</summary>
public delegate byte[] SeedSource(int bytes);

/// <summary>A draw as it is kept.</summary>
/// <param name="State">planned, drawn or missed.</param>
/// <param name="At">UTC milliseconds.</param>
/// <param name="Seed">In hexadecimal digits; told only once it was drawn.</param>
/// <param name="Source">presence or activity: how those who were online were found.</param>
/// <param name="Winner">Id of who won; null for nobody.</param>
public sealed record KeptDraw(
    AchievementKey Achievement, Workday Day, long At, string State, string Commitment, string? Seed, Chance Chance, string Source,
    IReadOnlyList<string> Candidates, string? Winner)
{
    public bool IsDrawn => State == Draws.Drawn;
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(At);
    public DrawRecord Record(string achievement) => new(achievement, Day, Chance, Candidates);
}

/// <summary>
/// Lucky draws. Each is planned ahead, and the commitment to its seed with it; at its time it is due work, which one node does in one
/// transaction: the candidates, the winner, the award, the next draw. What is late is drawn on the same workday, by who was online at its
/// time; when that is over it is missed.
/// </summary>
public sealed class Draws(Database database, CatalogueStore catalogue, LiveHub live, SeedSource seeds, TimeProvider time)
{
    public const string Kind = "draw";
    public const string Planned = "planned", Drawn = "drawn", Missed = "missed";

    /// <summary>Where no status has come in for so many days, work tells who is there.</summary>
    private const int DaysOfPresence = 7;
    private const long DayMs = 86_400_000;

    public WorkKind Work => new(Kind, 1, (items, _) => Run(items));

    private static string Subject(AchievementKey achievement, Workday day) =>
        string.Create(CultureInfo.InvariantCulture, $"{achievement.Value}|{day.Number}");

    /// <summary>
    /// Plans the next draw of a rule, and takes back one that is not to be: when it was switched on or off, or draws at another time.
    /// In the caller's transaction, which holds or shares the rules.
    /// </summary>
    public void Plan(DbConnection connection, DbTransaction transaction, Snapshot snapshot, RuleHistory rule, long now)
    {
        if (snapshot.Floor.Site is not { } home) return;
        var zone = home.Clock.Zone;
        // Two nodes plan one after the other.
        Dialect.Of(connection).LockRows(connection, transaction, "achievement", [rule.Achievement.Value]);
        var kept = connection.Query<(int Day, string State, long At)>(
            "SELECT day, state, at FROM draw WHERE achievement = @a AND day >= @from", new
            {
                a = rule.Achievement.Value, from = home.Clock.WorkdayOf(now).Plus(-1).Number,
            }, transaction).ToDictionary(d => new Workday(d.Day));
        var next = DrawDecision.Next(rule, zone, home.Clock.WorkdayOf(now), now,
            day => kept.TryGetValue(day, out var one) && (one.State != Planned || one.At <= now));
        foreach (var (day, _, _) in kept.Values.Where(d => d.State == Planned && d.At > now && new Workday(d.Day) != next))
        {
            connection.Execute("DELETE FROM draw WHERE achievement = @a AND day = @day",
                new { a = rule.Achievement.Value, day }, transaction);
            connection.Execute("DELETE FROM work WHERE kind = @Kind AND subject = @subject",
                new { Kind, subject = Subject(rule.Achievement, new(day)) }, transaction);
        }
        if (next is not { } wanted) return;
        var at = ((LuckyDraw)rule.InForce(wanted).Rule).At(zone, wanted);
        if (kept.TryGetValue(wanted, out var planned))
        {
            if (planned.At == at) return;
            connection.Execute("UPDATE draw SET at = @at WHERE achievement = @a AND day = @day",
                new { at, a = rule.Achievement.Value, day = wanted.Number }, transaction);
            connection.Execute("DELETE FROM work WHERE kind = @Kind AND subject = @subject",
                new { Kind, subject = Subject(rule.Achievement, wanted) }, transaction);
        }
        else
        {
            var seed = seeds(DrawDecision.SeedBytes);
            connection.Execute(
                """
                INSERT INTO draw (achievement, day, at, state, commitment, committed_at, seed)
                VALUES (@a, @day, @at, @Planned, @commitment, @now, @seed)
                """,
                new
                {
                    a = rule.Achievement.Value, day = wanted.Number, at, Planned, commitment = DrawDecision.Commitment(seed), now,
                    seed = Convert.ToHexStringLower(seed),
                }, transaction);
        }
        WorkQueue.Enqueue(connection, transaction, Kind, Subject(rule.Achievement, wanted), at);
    }

    private void Run(IReadOnlyList<WorkItem> items)
    {
        var awards = database.Write((c, t) =>
        {
            Rulebook.Share(c, t);
            var (now, snapshot) = (time.GetUtcNow().ToUnixTimeMilliseconds(), catalogue.Current(c, t));
            var made = new List<NewAward>();
            foreach (var item in items)
            {
                var parts = item.Subject.Split('|');
                var achievement = new AchievementKey(long.Parse(parts[0], CultureInfo.InvariantCulture));
                if (snapshot.Rules.Rule(achievement) is not { } rule || !rule.Current.IsDrawn()) continue;
                Dialect.Of(c).LockRows(c, t, "achievement", [achievement.Value]);
                var day = new Workday(int.Parse(parts[1], CultureInfo.InvariantCulture));
                var draw = c.QueryFirstOrDefault<(long At, string State, string Seed)?>(
                    "SELECT at, state, seed FROM draw WHERE achievement = @a AND day = @day",
                    new { a = achievement.Value, day = day.Number }, t);
                if (draw is { State: Planned } due && due.At <= now) made.AddRange(Draw(c, t, snapshot, rule, day, due.At, due.Seed, now));
                Plan(c, t, snapshot, rule, now);
            }
            WorkQueue.Complete(c, t, items);
            return NoticeStore.Tell(c, t, made, now);
        });
        live.Awarded(awards);
    }

    private static List<NewAward> Draw(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, RuleHistory rule, Workday day, long at, string seed,
        long now)
    {
        var of = new { a = rule.Achievement.Value, day = day.Number, now, Missed };
        if (snapshot.Floor.Site!.Clock.WorkdayOf(now) != day)
        {
            connection.Execute("UPDATE draw SET state = @Missed, drawn_at = @now WHERE achievement = @a AND day = @day", of, transaction);
            return [];
        }
        var chance = ((LuckyDraw)rule.InForce(day).Rule).Chance;
        var (source, everybody) = Online(connection, transaction, snapshot, at);
        var online = everybody.FindAll(p => p.Places.IsIn(rule.InForce(day).Audience, p.WorkdayOf(at).Day));
        var id = connection.ExecuteScalar<string>("SELECT id FROM achievement WHERE key = @a", of, transaction)!;
        var record = new DrawRecord(id, day, chance, [.. online.Select(p => p.Id).Order(StringComparer.Ordinal)]);
        var winner = DrawDecision.Winner(Convert.FromHexString(seed), record);
        connection.Execute(
            """
            UPDATE draw SET state = @Drawn, wins = @Wins, of_draws = @Of, source = @source, candidates = @candidates, winner = @winner,
              drawn_at = @now
            WHERE achievement = @a AND day = @day
            """,
            new
            {
                of.a, of.day, now, Drawn, chance.Wins, chance.Of, source, candidates = JsonSerializer.Serialize(record.Candidates), winner,
            }, transaction);
        if (winner is null) return [];
        var person = online.First(p => p.Id == winner).Key;
        PersonLocks.Take(connection, transaction, [person]);
        var touched = new TouchedAwards();
        var made = AwardStore.Grant(Statements.Of(connection),
            [new(rule.Achievement, person, new Earned(0, day.ToString(), new(day, day), at, MetricValue.Of(Amount.One)))], now, touched);
        made.AddRange(Followers.Run(connection, transaction, snapshot, touched, now));
        return made;
    }

    /// <summary>
    /// Active people who are online at an instant: by their status, or, where no statuses are sent, by what they have done on their workday
    /// up to it.
    /// </summary>
    public static (string Source, List<FloorPerson> People) Online(
        DbConnection connection, DbTransaction? transaction, Snapshot snapshot, long at)
    {
        var active = connection.Query<long>("SELECT key FROM person WHERE active = 1", transaction: transaction).ToHashSet();
        var today = snapshot.Floor.Site!.Clock.WorkdayOf(at);
        var (first, last) = (today.Plus(-DaysOfPresence).Number, today.Plus(1).Number);
        var rules = snapshot.Rules.Presence;
        if (rules is not null && snapshot.Rules.Type(PresenceTypes.Change) is { } change
            && connection.ExecuteScalar<long>(
                """
                SELECT count(*) FROM (SELECT 1 FROM activity
                  WHERE day BETWEEN @first AND @last AND type = @Key AND at <= @at LIMIT 1) any_one
                """,
                new { first, last, change.Key, at }, transaction) > 0)
        {
            // Of each person the last change says the status, as long as it holds by itself.
            var said = new Dictionary<long, (ActivityOrder Order, string Body)>();
            foreach (var row in connection.Query<ChangeRow>(
                """
                SELECT a.person, a.at, s.id AS source, a.id, a.body FROM activity a JOIN source s ON s.key = a.source
                WHERE a.day BETWEEN @from AND @last AND a.type = @Key AND a.at <= @at AND a.at > @earliest AND a.person IS NOT NULL
                """, new { from = today.Plus(-2).Number, last, change.Key, at, earliest = at - rules.Longest }, transaction))
            {
                var order = new ActivityOrder(row.At, row.Source, ActivityId.FromBytes(row.Id));
                if (!said.TryGetValue(row.Person, out var known) || order.CompareTo(known.Order) > 0) said[row.Person] = (order, row.Body);
            }
            return ("presence", Known(said.Where(s => ActivityBody.Read(s.Value.Body).Labels is [var status, ..]
                && rules.Statuses.TryGetValue(status.Text, out var rule) && rule.CountsOnline).Select(s => s.Key)));
        }
        return ("activity", Known(connection.Query<(long Person, int Day)>(
            """
            SELECT DISTINCT a.person, a.day FROM activity a JOIN activity_type t ON t.key = a.type
            WHERE a.day BETWEEN @from AND @last AND a.at <= @at AND a.person IS NOT NULL AND t.id NOT LIKE 'external:%'
              AND t.id NOT IN (@Change, @Segment)
            """, new { from = today.Plus(-1).Number, last, at, PresenceTypes.Change, PresenceTypes.Segment }, transaction)
            .Where(a => snapshot.Floor.Person(new PersonKey(a.Person))?.WorkdayOf(at).Day.Number == a.Day)
            .Select(a => a.Person).Distinct()));

        List<FloorPerson> Known(IEnumerable<long> keys) =>
            [.. keys.Where(active.Contains).Select(k => snapshot.Floor.Person(new PersonKey(k))).OfType<FloorPerson>()];
    }

    /// <summary>The draws of a rule, the newest first, the planned one among them; a seed is told only of what was drawn.</summary>
    public static List<KeptDraw> Of(
        DbConnection connection, DbTransaction? transaction, AchievementKey? achievement, int most, int before = int.MaxValue) =>
        [.. connection.Query<Row>(
            $"""
            SELECT achievement, day, at, state, commitment, seed, wins, of_draws, source, candidates, winner FROM draw
            WHERE day < @before {(achievement is null ? "" : "AND achievement = @a")} ORDER BY day DESC, achievement LIMIT @most
            """, new { a = achievement?.Value, before, most }, transaction)
            .Select(r => new KeptDraw(new(r.Achievement), new((int)r.Day), r.At, r.State, r.Commitment, r.State == Drawn ? r.Seed : null,
                new(r.Wins, r.OfDraws), r.Source, JsonSerializer.Deserialize<List<string>>(r.Candidates)!, r.Winner))];

    /// <summary>As the reference reads it; only what was drawn.</summary>
    public static List<NaiveDraw> Recorded(DbConnection connection, DbTransaction? transaction)
    {
        var ids = connection.Query<(long Key, string Id)>("SELECT key, id FROM achievement", transaction: transaction)
            .ToDictionary(a => a.Key, a => a.Id);
        return [.. Of(connection, transaction, null, int.MaxValue).Where(d => d.IsDrawn).Select(d => new NaiveDraw(
            d.Achievement, ids[d.Achievement.Value], d.Day.ToString(), d.Commitment, d.Seed!, d.At, d.Chance.Wins, d.Chance.Of,
            d.Candidates, d.Winner))];
    }

    private sealed record ChangeRow
    {
        public long Person { get; init; }
        public long At { get; init; }
        public string Source { get; init; } = "";
        public byte[] Id { get; init; } = [];
        public string Body { get; init; } = "";
    }

    private sealed record Row
    {
        public long Achievement { get; init; }
        public long Day { get; init; }
        public long At { get; init; }
        public string State { get; init; } = "";
        public string Commitment { get; init; } = "";
        public string Seed { get; init; } = "";
        public long Wins { get; init; }
        public long OfDraws { get; init; }
        public string Source { get; init; } = "";
        public string Candidates { get; init; } = "";
        public string? Winner { get; init; }
    }
}

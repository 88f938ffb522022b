using System.Data.Common;
using System.Runtime.InteropServices;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Engine.Metrics;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>An activity as it is kept.</summary>
public sealed record KeptActivity(
    long Key, string Source, ActivityId Id, string Type, long? Person, long? Team, long At, Workday Day, ActivityBody Body,
    long? Import)
{
    public ActivityOrder Order => new(At, Source, Id);

    /// <summary>Key of the project that it belongs to.</summary>
    public long? Project { get; init; }

    /// <summary>As it came, by an external identity.</summary>
    public IncomingActivity AsSent(string awaited, long version) => new(Source, Id, Type, awaited, null, At, Body.Measures, Body.Labels)
    {
        Project = Body.Project, Contact = Body.Contact, Version = version, Import = Import,
    };

    /// <summary>As metrics read it.</summary>
    public Occurrence On(Floor floor) => new(Type, Body.Measures, Body.Labels, At, Day,
        Person is { } person ? floor.ClockOf(new PersonKey(person), At) : Team is { } team ? floor.ClockOf(team) : floor.Site!.Clock);
}

/// <summary>The SQL of reading activities.</summary>
public static class ActivityStore
{
    private const string Select = """
        SELECT a.key, s.id AS source, a.id, t.id AS type, a.person, a.team, a.at, a.day, a.body, a.import, a.project
        FROM activity a JOIN source s ON s.key = a.source JOIN activity_type t ON t.key = a.type
        """;

    /// <summary>What one person did on one workday, in order of occurrence.</summary>
    public static List<KeptActivity> OfDay(DbConnection connection, PersonKey person, Workday day, DbTransaction? transaction = null) =>
        InOrder(connection.Query<Row>(
            $"{Select} WHERE a.day = @day AND a.person = @person", new { day = day.Number, person = person.Value }, transaction));

    /// <summary>What counts for the metric of one person's workday, in order of occurrence.</summary>
    public static List<Contribution> Contributions(
        DbConnection connection, Floor floor, Metric metric, PersonKey person, Workday day, DbTransaction? transaction = null)
    {
        var counted = new List<Contribution>();
        foreach (var activity in OfDay(connection, person, day, transaction))
            if (metric.Reads(activity.On(floor)) is { } reading)
                counted.Add(new(activity.Order, reading));
        return counted;
    }

    /// <summary>
    /// What counts for a metric on some people's workdays, read together, each in order of occurrence. Of what only counts activities
    /// nothing but their place in that order is read.
    /// </summary>
    public static Dictionary<(PersonKey Person, Workday Day), List<Contribution>> Contributions(
        DbConnection connection, Snapshot snapshot, Metric metric, IReadOnlyCollection<(PersonKey Person, Workday Day)> days)
    {
        var found = new Dictionary<(PersonKey, Workday), List<Contribution>>(days.Count);
        var types = snapshot.Rules.TypesOf(metric).Select(snapshot.Rules.Type).OfType<(long Key, ActivityType Type)>()
            .ToDictionary(t => t.Key, t => t.Type.Id);
        if (types.Count == 0 || days.Count == 0) return found;
        var counting = metric is { Measure: null, Label: null, Where.Count: 0 };
        var keys = new Rows("", "day bigint", "person bigint");
        keys.Expect(days.Count);
        foreach (var (person, day) in days) keys.Add(day.Number, person.Value);
        var sources = connection.Query<(long Key, string Id)>("SELECT key, id FROM source").ToDictionary(s => s.Key, s => s.Id);
        Statements.Of(connection).Look(
            $"t.day, t.person, t.type, t.at, t.source, t.id{(counting ? "" : ", t.body")}", "activity", keys,
            row =>
            {
                var (day, person, at) = (new Workday((int)row.Number(0)), new PersonKey(row.Number(1)), row.Number(3));
                Reading? reading = new Reading(Amount.One);
                if (!counting)
                {
                    var body = ActivityBody.Read(row.Text(6));
                    reading = metric.Reads(
                        new(types[row.Number(2)], body.Measures, body.Labels, at, day, snapshot.Floor.ClockOf(person, at)));
                }
                if (reading is { } counted)
                    (CollectionsMarshal.GetValueRefOrAddDefault(found, (person, day), out _) ??= [])
                        .Add(new(new(at, sources[row.Number(4)], ActivityId.FromBytes(row.Bytes(5))), counted));
            },
            $"t.type IN ({string.Join(", ", types.Keys.Order())})");
        foreach (var contributions in found.Values) contributions.Sort((a, b) => a.Order.CompareTo(b.Order));
        return found;
    }

    public static KeptActivity? Find(DbConnection connection, long key, DbTransaction? transaction = null) =>
        connection.QuerySingleOrDefault<Row>($"{Select} WHERE a.key = @key", new { key }, transaction)?.ToActivity();

    /// <summary>The newest activity that came by an external identity.</summary>
    public static long LastOf(DbConnection connection, DbTransaction transaction, long identity) => connection.ExecuteScalar<long?>(
        "SELECT max(activity) FROM activity_of_identity WHERE identity = @identity", new { identity }, transaction) ?? 0;

    /// <summary>
    /// Those in force, from a workday on, that came by an external identity, with the version that they are of, in order of arrival.
    /// </summary>
    public static List<(KeptActivity Activity, long Version)> OfIdentity(
        DbConnection connection, DbTransaction transaction, long identity, Workday first, long after, long last, int most)
    {
        var keys = connection.Query<(long Key, long Version)>(
            """
            SELECT a.key, k.version FROM activity_of_identity i JOIN activity a ON a.key = i.activity
            JOIN activity_key k ON k.source = a.source AND k.id = a.id AND k.activity = a.key
            WHERE i.identity = @identity AND i.activity > @after AND i.activity <= @last AND a.day >= @first
            ORDER BY i.activity LIMIT @most
            """, new { identity, first = first.Number, after, last, most }, transaction).ToList();
        return [.. keys.Select(k => (Find(connection, k.Key, transaction)!, k.Version))];
    }

    /// <summary>The next activities after a key, in order of arrival, without those of before a workday.</summary>
    public static List<KeptActivity> After(
        DbConnection connection, long key, Workday first, int most, DbTransaction? transaction = null) =>
        [.. connection.Query<Row>($"{Select} WHERE a.key > @key AND a.day >= @first ORDER BY a.key LIMIT @most",
            new { key, first = first.Number, most }, transaction)
            .Select(r => r.ToActivity())];

    /// <summary>The next ones in force after a key, from a workday on, that a run of <c>laurel import</c> brought.</summary>
    public static List<KeptActivity> OfImport(
        DbConnection connection, DbTransaction transaction, long import, long key, Workday first, int most) =>
        [.. connection.Query<Row>(
            $"{Select} WHERE a.key > @key AND a.import = @import AND a.day >= @first ORDER BY a.key LIMIT @most",
            new { key, import, first = first.Number, most }, transaction).Select(r => r.ToActivity())];

    /// <summary>Everything of the people whose keys lie between two, one after the other; for whoever goes through it all.</summary>
    public static IEnumerable<KeptActivity> OfPeople(DbConnection connection, long first, long last, DbTransaction? transaction = null) =>
        connection.Query<Row>($"{Select} WHERE a.person BETWEEN @first AND @last", new { first, last }, transaction, buffered: false)
            .Select(r => r.ToActivity());

    /// <summary>Everything that no person did, one after the other.</summary>
    public static IEnumerable<KeptActivity> OfNobody(DbConnection connection, DbTransaction? transaction = null) =>
        connection.Query<Row>($"{Select} WHERE a.person IS NULL", transaction: transaction, buffered: false).Select(r => r.ToActivity());

    /// <summary>What everybody did on one workday, in no order.</summary>
    public static IEnumerable<KeptActivity> OfDay(DbConnection connection, Workday day, DbTransaction? transaction = null) =>
        connection.Query<Row>($"{Select} WHERE a.day = @day AND a.person IS NOT NULL", new { day = day.Number }, transaction)
            .Select(r => r.ToActivity());

    private static List<KeptActivity> InOrder(IEnumerable<Row> rows) =>
        [.. rows.Select(r => r.ToActivity()).OrderBy(a => a.Order)];

    private sealed record Row(
        long Key, string Source, byte[] Id, string Type, long? Person, long? Team, long At, long Day, string Body, long? Import,
        long? Project)
    {
        public KeptActivity ToActivity() =>
            new(Key, Source, ActivityId.FromBytes(Id), Type, Person, Team, At, new((int)Day), ActivityBody.Read(Body), Import)
            {
                Project = Project,
            };
    }
}

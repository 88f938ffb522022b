using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Http;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>An activity that counts, as the version in force says it.</summary>
/// <param name="Id">The identity: of an activity with versions its subject.</param>
/// <param name="Version">0 for one that was sent without.</param>
/// <param name="Workday">The local date that it counts for.</param>
public sealed record ActivityAnswer(
    string Source, string Id, long Version, string Type, DateTimeOffset Time, string Workday, string? Person, string? Team, string? Project,
    string? Contact, IReadOnlyDictionary<string, decimal> Measures, IReadOnlyDictionary<string, string> Labels);

/// <param name="Next">What to send as cursor for those after these; absent where there are none.</param>
public sealed record ActivitiesAnswer(IReadOnlyList<ActivityAnswer> Activities, string? Next);

/// <summary>GET /api/v1/activities: what counts, workday by workday, or the one of an identity.</summary>
public static class KeptActivitiesApi
{
    /// <summary>Workdays: of one question at most, and of one that names none.</summary>
    private const int MostDays = 366, UsualDays = 31;

    private const string Select = """
        SELECT a.key, a.day, s.id AS source, a.id, k.version, t.id AS type, a.at, p.id AS person, m.id AS team, j.id AS project, a.body
        FROM activity a JOIN source s ON s.key = a.source JOIN activity_type t ON t.key = a.type
        LEFT JOIN activity_key k ON k.source = a.source AND k.id = a.id
        LEFT JOIN person p ON p.key = a.person LEFT JOIN team m ON m.key = a.team
        LEFT JOIN project j ON j.key = a.project
        """;

    private const string InWindow = "a.day BETWEEN @first AND @last AND (a.day > @afterDay OR a.day = @afterDay AND a.key > @afterKey)";
    private const string OfIdentity =
        "a.key = (SELECT i.activity FROM activity_key i WHERE i.id = @identity AND i.source = (SELECT key FROM source WHERE id = @source))";

    public static void MapKeptActivitiesApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/activities", List)
            .RequiresPermission(Permissions.ActivitiesView)
            .WithName("listActivities")
            .WithTags("Activities")
            .WithSummary("Activities that count")
            .WithDescription(
                "By workday, within it in the order of arrival; of a workday whose activities are still coming more may follow. from, to: "
                + $"first and last workday, at most {MostDays} of them; usually the last {UsualDays}. "
                + "person, type, project: only of these ids. "
                + "source and id: the activity of that identity, on whatever day. cursor: the `next` of the answer before; "
                + $"limit: 1 to {Paging.Most}, usually {Paging.Usual}.")
            .Produces<ActivitiesAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static IResult List(
        Database database, CatalogueStore catalogue, CurrentPerson me, TimeProvider time, string? person, string? type, string? project,
        string? source, string? id,
        string? from, string? to, string? cursor, int? limit)
    {
        if (!Paging.IsLimit(limit) || Paging.Numbers(cursor, 2) is not [var afterDay, var afterKey]) return Paging.Unclear;
        if (id is not null && source is null) return Problems.BadRequest("id needs source: together they are the identity.");
        var identity = id is null ? null : ActivityId.Of(id).ToArray();
        using var connection = database.Read();
        var today = catalogue.Current(connection).Floor.LatestDay(time.GetUtcNow().ToUnixTimeMilliseconds());
        if (Days(from, to, today) is not var (first, last) || last < first || last.Number - first.Number >= MostDays)
            return Problems.BadRequest($"from and to are workdays such as 2026-01-31, from not after to, and at most {MostDays} of them.");
        if (cursor is null) afterDay = first.Number - 1;
        var most = limit ?? Paging.Usual;
        var rows = connection.Query<Row>(
            $"""
            {Select}
            WHERE {(id is null ? InWindow : OfIdentity)} AND {me.ScopeOf(Permissions.ActivitiesView).Covers("a.person")}
              {(person is null ? "" : "AND a.person = (SELECT key FROM person WHERE id = @person)")}
              {(type is null ? "" : "AND a.type = (SELECT key FROM activity_type WHERE id = @type)")}
              {(project is null ? "" : "AND a.project = (SELECT key FROM project WHERE id = @project)")}
              {(source is null ? "" : "AND a.source = (SELECT key FROM source WHERE id = @source)")}
            ORDER BY a.day, a.key LIMIT @more
            """,
            me.ScopeOf(Permissions.ActivitiesView).With(new
            {
                first = first.Number, last = last.Number, afterDay, afterKey, identity, person, type, project, source,
                more = most + 1
            })).ToList();
        return TypedResults.Ok(new ActivitiesAnswer([.. rows.Take(most).Select(r => r.ToAnswer())],
            rows.Count > most ? Paging.Cursor(rows[most - 1].Day, rows[most - 1].Key) : null));
    }

    /// <summary>Null where a date is none.</summary>
    private static (Workday First, Workday Last)? Days(string? from, string? to, Workday today)
    {
        var (first, last) = (from is null ? null : Workday.Parse(from), to is null ? null : Workday.Parse(to));
        if (from is not null && first is null || to is not null && last is null) return null;
        // What is up to a day in the future may be there already.
        var end = last ?? Workday.Max(today.Plus(1), first ?? today);
        return (first ?? end.Plus(1 - UsualDays), end);
    }

    private sealed record Row
    {
        public long Key { get; init; }
        public long Day { get; init; }
        public string Source { get; init; } = "";
        public byte[] Id { get; init; } = [];
        public long? Version { get; init; }
        public string Type { get; init; } = "";
        public long At { get; init; }
        public string? Person { get; init; }
        public string? Team { get; init; }
        public string? Project { get; init; }
        public string Body { get; init; } = "";

        public ActivityAnswer ToAnswer()
        {
            var body = ActivityBody.Read(Body);
            return new(Source, ActivityId.FromBytes(Id).ToString(), Version ?? 0, Type, DateTimeOffset.FromUnixTimeMilliseconds(At),
                new Workday((int)Day).ToString(), Person, Team, Project, body.Contact,
                body.Measures.ToDictionary(m => m.Name, m => m.Amount.ToDecimal(), StringComparer.Ordinal),
                body.Labels.ToDictionary(l => l.Name, l => l.Text, StringComparer.Ordinal));
        }
    }
}

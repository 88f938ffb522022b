using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Http;
using Laurel.Engine.Kernel;
using Laurel.Engine.Photos;
using Laurel.Storage;

namespace Laurel.App.Features.People;

/// <summary>A person as of today.</summary>
/// <param name="Id">The key by which activities name the person.</param>
/// <param name="Role">agent, leader, admin, or the id of a role of the organisation's own.</param>
/// <param name="Team">Id of today's team.</param>
/// <param name="Groups">Ids of the groups of today.</param>
/// <param name="Division">Id of the division of today; absent where there is none.</param>
/// <param name="Site">Id of the site where the person is now.</param>
/// <param name="Active">May sign in, and is counted among colleagues.</param>
/// <param name="Invented">Marked as somebody who does not exist.</param>
/// <param name="Bio">What the person tells of themselves: plain text, with its lines.</param>
/// <param name="Languages">Tags (BCP 47) of the languages that the person says to speak.</param>
/// <param name="Photo">Changes with the photo, which is at /api/v1/people/{id}/photo; absent where there is none.</param>
public sealed record PersonAnswer(
    string Id, string Name, string? Email, string Role, string? Team, IReadOnlyList<string> Groups, string? Division, string? Site,
    bool Active, bool Invented, string? Bio, IReadOnlyList<string> Languages, string? Photo);

/// <param name="Next">What to send as cursor for those after these; absent where there are none yet.</param>
public sealed record PeopleAnswer(IReadOnlyList<PersonAnswer> People, string? Next);

/// <param name="Site">Id of its site: of work that no person did.</param>
/// <param name="People">Active people who are in it today.</param>
public sealed record TeamAnswer(string Id, string Name, string Site, long People);

public sealed record TeamsAnswer(IReadOnlyList<TeamAnswer> Teams);

/// <summary>GET /api/v1/people, /people/{id} and /teams.</summary>
public static class PeopleApi
{
    private const string Select =
        """
        SELECT p.key, p.id, p.name, p.email, p.role, t.id AS team, p.active, p.invented FROM person p
        LEFT JOIN person_team m ON m.person = p.key
          AND m.from_day = (SELECT MAX(d.from_day) FROM person_team d WHERE d.person = p.key AND d.from_day <= @today)
        LEFT JOIN team t ON t.key = m.team
        """;

    public static void MapPeopleApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/people", List)
            .RequiresPermission(Permissions.PeopleView)
            .WithName("listPeople")
            .WithTags("People")
            .WithSummary("People, as of today")
            .WithDescription("In the order in which they were added. team, group, division: only of this id. "
                + $"cursor: the `next` of the answer before; limit: 1 to {Paging.Most}, usually {Paging.Usual}.")
            .Produces<PeopleAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapGet("/api/v1/people/{id}", One)
            .RequiresPermission(Permissions.PeopleView)
            .WithName("getPerson")
            .WithTags("People")
            .WithSummary("One person, as of today")
            .Produces<PersonAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/api/v1/people/{id}/photo", Photo)
            .RequiresPermission(Permissions.PeopleView)
            .WithName("getPhoto")
            .WithTags("People")
            .WithSummary("Somebody's photo")
            .WithDescription("As it is stored: rebuilt of nothing but what draws it, at most 1 MB and 2,048 pixels a side.")
            .Produces(StatusCodes.Status200OK, null, "image/jpeg", "image/png", "image/webp")
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapPut("/api/v1/people/{id}/photo", PutPhoto)
            .RequiresPermission(Permissions.PeopleManage)
            .WithName("putPhoto")
            .WithTags("People")
            .WithSummary("Give somebody a photo")
            .WithDescription("The body is the file: JPEG, PNG or WebP by its first bytes, whatever Content-Type says; at most 1 MB, 64 to "
                + "2,048 pixels a side, standing still. The answer is the person.")
            .Produces<PersonAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        routes.MapDelete("/api/v1/people/{id}/photo", (
            string id, KeepProfile keep, Database database, CatalogueStore catalogue, CurrentPerson me, TimeProvider time) =>
            {
                if (Key(database, id) is not { } key) return NoPerson;
                keep.TakeAway(key, photo: true, me.Actor);
                return Tell(id, DataScope.Company, database, catalogue, time);
            })
            .RequiresPermission(Permissions.PeopleManage)
            .WithName("deletePhoto")
            .WithTags("People")
            .WithSummary("Take somebody's photo away")
            .WithDescription("The answer is the person; where there was no photo, nothing changes.")
            .Produces<PersonAnswer>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/api/v1/teams", Teams)
            .RequiresPermission(Permissions.PeopleView)
            .WithName("listTeams")
            .WithTags("People")
            .WithSummary("The teams, by id");
    }

    private static IResult List(
        Database database, CatalogueStore catalogue, CurrentPerson me, TimeProvider time, string? team, string? group, string? division,
        string? cursor, int? limit)
    {
        if (!Paging.IsLimit(limit) || Paging.Numbers(cursor, 1) is not [var after]) return Paging.Unclear;
        var most = limit ?? Paging.Usual;
        using var connection = database.Read();
        var floor = catalogue.Current(connection).Floor;
        if (team is not null && floor.Team(team) is null) return Problems.NotThere($"There is no team '{team}'.");
        if (group is not null && GroupStore.Find(connection, group) is null) return Problems.NotThere($"There is no group '{group}'.");
        if (division is not null && DivisionStore.Find(connection, division) is null)
            return Problems.NotThere($"There is no division '{division}'.");
        var today = Today(catalogue.Current(connection), time);
        var rows = connection.Query<Row>(
            $"""
            {Select} WHERE p.key > @after AND {Scope(me).Covers("p.key")} {(team is null ? "" : "AND t.id = @team")}
            {(group is null ? "" : $"AND p.key IN ({GroupStore.Members})")}
            {(division is null ? "" : $"AND p.key IN ({DivisionStore.Members})")}
            ORDER BY p.key LIMIT @more
            """, Scope(me).With(new { today, after, team, group, division, more = most + 1 })).ToList();
        var groups = GroupStore.IdsOf(connection, [.. rows.Select(r => r.Key)], new(today));
        var divisions = DivisionStore.IdsOf(connection, [.. rows.Select(r => r.Key)], new(today));
        var profiles = ProfileStore.Of(connection, [.. rows.Select(r => r.Key)]);
        return TypedResults.Ok(new PeopleAnswer(
            [
                .. rows.Take(most).Select(r => r.ToAnswer(floor, groups[r.Key], divisions.GetValueOrDefault(r.Key), time,
                    profiles.GetValueOrDefault(r.Key, PersonProfile.Empty))),
            ],
            rows.Count > most ? Paging.Cursor(rows[most - 1].Key) : null));
    }

    private static IResult One(string id, Database database, CatalogueStore catalogue, CurrentPerson me, TimeProvider time) =>
        Tell(id, Scope(me), database, catalogue, time);

    private static IResult Tell(string id, DataScope scope, Database database, CatalogueStore catalogue, TimeProvider time)
    {
        using var connection = database.Read();
        var today = Today(catalogue.Current(connection), time);
        return connection.QueryFirstOrDefault<Row>($"{Select} WHERE p.id = @id AND {scope.Covers("p.key")}",
            scope.With(new { today, id })) is { } row
            ? TypedResults.Ok(row.ToAnswer(
                catalogue.Current(connection).Floor, GroupStore.IdsOf(connection, [row.Key], new(today))[row.Key],
                DivisionStore.On(connection, null, row.Key, new(today)), time, ProfileStore.Of(connection, row.Key)))
            : NoPerson;
    }

    private static async Task<IResult> PutPhoto(
        string id, HttpRequest request, KeepProfile keep, Database database, CatalogueStore catalogue, CurrentPerson me, TimeProvider time,
        CancellationToken cancel)
    {
        if (Key(database, id) is not { } key) return NoPerson;
        // One byte more than may be tells that it is too heavy; the rest need not be read.
        var file = new byte[SafePhoto.MostBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(file, file.Length, throwOnEndOfStream: false, cancel);
        return keep.SetPhoto(key, file[..length], me.Actor) is { } refusal
            ? Problems.PhotoRefused(KeepProfile.Advice(refusal))
            : Tell(id, DataScope.Company, database, catalogue, time);
    }

    private static long? Key(Database database, string id)
    {
        using var connection = database.Read();
        return connection.QueryFirstOrDefault<long?>("SELECT key FROM person WHERE id = @id", new { id });
    }

    private static IResult NoPerson => Problems.NotThere("Nobody has this key.");

    private static IResult Photo(string id, HttpContext http, Database database, CurrentPerson me)
    {
        using var connection = database.Read();
        var scope = me.ScopeOf(Permissions.PeopleView);
        return connection.ExecuteScalar<string?>(
            $"SELECT f.hash FROM photo f JOIN person p ON p.key = f.person WHERE p.id = @id AND {scope.Covers("p.key")}",
            scope.With(new { id })) is { } hash && ProfileStore.Photo(connection, hash, 0, scope) is { } photo
            ? Photos.Answer(http, photo, hash, isNamed: false)
            : Problems.NotThere("Nobody of this key has a photo.");
    }

    private static TeamsAnswer Teams(PeopleStore people, Database database, CatalogueStore catalogue, TimeProvider time)
    {
        using var connection = database.Read();
        return new([.. people.Teams(Today(catalogue.Current(connection), time)).OrderBy(t => t.Id, StringComparer.Ordinal)
            .Select(t => new TeamAnswer(t.Id, t.Name, t.SiteId, t.People))]);
    }

    /// <summary>Of the first site, as everywhere in the API.</summary>
    private static int Today(Snapshot snapshot, TimeProvider time) =>
        (snapshot.Floor.Site?.Clock.WorkdayOf(time.GetUtcNow().ToUnixTimeMilliseconds()) ?? Workday.Beginning).Number;

    private sealed record Row
    {
        public long Key { get; init; }
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string? Email { get; init; }
        public string Role { get; init; } = "";
        public string? Team { get; init; }
        public long Active { get; init; }
        public long Invented { get; init; }

        public PersonAnswer ToAnswer(
            Floor floor, IEnumerable<string> groups, string? division, TimeProvider time, PersonProfile profile) => new(
            Id, Name, Email, Role, Team, [.. groups], division,
            floor.Person(new PersonKey(Key))?.WorkdayOf(time.GetUtcNow().ToUnixTimeMilliseconds()).Site.Id, Active != 0, Invented != 0,
            profile.Bio, profile.Languages, profile.Photo);
    }

    private static DataScope Scope(CurrentPerson me) => me.ScopeOf(Permissions.PeopleView);
}

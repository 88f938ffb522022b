using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.People;

/// <summary>What came of a change of a division: its id, or what is wrong, as an English text that pages translate.</summary>
public sealed record KeptDivision(string? Id, string? Refusal = null);

/// <summary>Makes divisions and says who is in them. An id is a key that files and programs name; it does not change.</summary>
public sealed class KeepDivisions(Database database, TimeProvider time)
{
    private static readonly KeptDivision Unknown = new(null, Ui.Text("There is no such division."));
    private static readonly KeptDivision BadName = new(null, Ui.Text("Type a name of up to 100 characters."));
    private static readonly KeptDivision SameName = new(null, Ui.Text("There is a division of this name already."));

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <param name="id">Made from the name where none is given.</param>
    public KeptDivision Add(string? name, Actor actor, string? id = null)
    {
        name = name?.Trim() ?? "";
        if (name.Length is 0 or > 100) return BadName;
        return database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            if (IsTaken(c, t, name, except: 0)) return SameName;
            var free = id ?? Organisation.FreeId(Organisation.Slug(name, "division"), taken => c.ExecuteScalar<long>(
                "SELECT COUNT(*) FROM division WHERE id = @taken", new { taken }, t) > 0);
            c.Execute("INSERT INTO division (id, name) VALUES (@free, @name)", new { free, name }, t);
            Audit.Write(c, t, actor, Now, "division.added", name, new Change("key", null, free));
            return new(free);
        });
    }

    /// <summary>Another name, or put away: not offered any more, and who is in it stays. Null: stays as it is.</summary>
    public KeptDivision Change(string id, string? name, bool? archived, Actor actor)
    {
        name = name?.Trim();
        if (name is { Length: 0 or > 100 }) return BadName;
        return database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            if (DivisionStore.Find(c, id, t) is not { } known) return Unknown;
            if (name is not null && IsTaken(c, t, name, known.Key)) return SameName;
            Change[] changes =
            [
                new("name", known.Name, name ?? known.Name),
                new("archived", YesOrNo(known.IsArchived), YesOrNo(archived ?? known.IsArchived)),
            ];
            if (!changes.Any(x => x.IsReal)) return new(id);
            c.Execute("UPDATE division SET name = @name, archived = @archived WHERE key = @Key",
                new { known.Key, name = name ?? known.Name, archived = archived ?? known.IsArchived ? 1 : 0 }, t);
            Audit.Write(c, t, actor, Now, "division.changed", name ?? known.Name, changes);
            return new KeptDivision(id);
        });
    }

    /// <summary>
    /// From a workday on these people are in the division, and in no other one any more; or in none. Who is so already stays as they are.
    /// </summary>
    public KeptDivision Belong(string id, IReadOnlyCollection<string> people, bool isIn, Workday from, Actor actor)
    {
        if (people.Count == 0) return new(null, Ui.Text("Choose at least one person."));
        return database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            if (DivisionStore.Find(c, id, t) is not { } division) return Unknown;
            if (isIn && division.IsArchived)
                return new KeptDivision(null, Ui.Text("This division is archived: bring it back first."));
            var known = c.Query<(long Key, string Id, string Name)>(
                $"SELECT key, id, name FROM person WHERE {Dialect.Of(c).Among("id", "people")}",
                new { people = people.ToArray() }, t).ToList();
            if (known.Count < people.Distinct(StringComparer.Ordinal).Count())
                return new KeptDivision(null, Ui.Text("Somebody of these is not here."));
            if (RoleGuard.MovesSelf(c, t, actor, known.Select(p => p.Key)))
                return new KeptDivision(null, Ui.Text("Nobody says whom they see themselves: ask somebody who manages roles."));
            var changed = known.Where(p => (isIn || MayLeave(c, t, p.Key, division, from))
                && DivisionStore.Set(c, t, p.Key, isIn ? division.Key : null, from)).Select(p => p.Name)
                .Order(StringComparer.Ordinal).ToList();
            if (changed.Count == 0) return new(id);
            var names = string.Join(", ", changed);
            Audit.Write(c, t, actor, Now, isIn ? "division.joined" : "division.left", division.Name,
                new("people", isIn ? null : names, isIn ? names : null), new("from", null, from.ToString()));
            return new KeptDivision(id);
        });
    }

    /// <summary>Whether the person is in this division by then, or would come into it later: who is in another one stays there.</summary>
    private static bool MayLeave(DbConnection c, DbTransaction t, long person, DivisionRow division, Workday from) =>
        DivisionStore.On(c, t, person, from) == division.Id || c.ExecuteScalar<long>(
            "SELECT count(*) FROM person_division WHERE person = @person AND division = @Key AND from_day > @from",
            new { person, division.Key, from = from.Number }, t) > 0;

    private static string YesOrNo(bool yes) => yes ? "yes" : "no";

    private static bool IsTaken(DbConnection c, DbTransaction t, string name, long except) => c.ExecuteScalar<long>(
        "SELECT COUNT(*) FROM division WHERE name = @name AND key <> @except", new { name, except }, t) > 0;
}

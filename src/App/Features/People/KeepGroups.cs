using System.Data.Common;
using Dapper;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.People;

/// <summary>What came of a change of a group: its id, or what is wrong, as an English text that pages translate.</summary>
public sealed record KeptGroup(string? Id, string? Refusal = null);

/// <summary>Makes groups and says who is in them. An id is a key that files and achievements name; it does not change.</summary>
public sealed class KeepGroups(Database database, TimeProvider time)
{
    private static readonly KeptGroup Unknown = new(null, Ui.Text("There is no such group."));
    private static readonly KeptGroup BadName = new(null, Ui.Text("Type a name of up to 100 characters."));

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <param name="id">Made from the name where none is given.</param>
    public KeptGroup Add(string? name, Actor actor, string? id = null)
    {
        name = name?.Trim() ?? "";
        if (name.Length is 0 or > 100) return BadName;
        return database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            if (IsTaken(c, t, name, except: 0)) return SameName;
            var free = id ?? Organisation.FreeId(Organisation.Slug(name, "group"), taken => c.ExecuteScalar<long>(
                "SELECT COUNT(*) FROM people_group WHERE id = @taken", new { taken }, t) > 0);
            c.Execute("INSERT INTO people_group (id, name) VALUES (@free, @name)", new { free, name }, t);
            Audit.Write(c, t, actor, Now, "group.added", name, new Change("key", null, free));
            Rulebook.TouchFloor(c, t);
            return new(free);
        });
    }

    /// <summary>Another name, or put away: not offered any more, and who is in it stays. Null: stays as it is.</summary>
    public KeptGroup Change(string id, string? name, bool? archived, Actor actor)
    {
        name = name?.Trim();
        if (name is { Length: 0 or > 100 }) return BadName;
        return database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            if (GroupStore.Find(c, id, t) is not { } known) return Unknown;
            if (name is not null && IsTaken(c, t, name, known.Key)) return SameName;
            Change[] changes =
            [
                new("name", known.Name, name ?? known.Name),
                new("archived", YesOrNo(known.IsArchived), YesOrNo(archived ?? known.IsArchived)),
            ];
            if (!changes.Any(x => x.IsReal)) return new(id);
            c.Execute("UPDATE people_group SET name = @name, archived = @archived WHERE key = @Key",
                new { known.Key, name = name ?? known.Name, archived = archived ?? known.IsArchived ? 1 : 0 }, t);
            Audit.Write(c, t, actor, Now, "group.changed", name ?? known.Name, changes);
            Rulebook.TouchFloor(c, t);
            return new KeptGroup(id);
        });
    }

    /// <summary>From a workday on these people are in the group, or not any more. Who is so already stays as they are.</summary>
    public KeptGroup Belong(string id, IReadOnlyCollection<string> people, bool isIn, Workday from, Actor actor)
    {
        if (people.Count == 0) return new(null, Ui.Text("Choose at least one person."));
        return database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            if (GroupStore.Find(c, id, t) is not { } group) return Unknown;
            if (isIn && group.IsArchived) return new KeptGroup(null, Ui.Text("This group is archived: bring it back first."));
            var known = c.Query<(long Key, string Id, string Name)>(
                $"SELECT key, id, name FROM person WHERE {Dialect.Of(c).Among("id", "people")}",
                new { people = people.ToArray() }, t).ToList();
            if (known.Count < people.Distinct(StringComparer.Ordinal).Count())
                return new KeptGroup(null, Ui.Text("Somebody of these is not here."));
            if (RoleGuard.MovesSelf(c, t, actor, known.Select(p => p.Key)))
                return new KeptGroup(null, Ui.Text("Nobody says whom they see themselves: ask somebody who manages roles."));
            var changed = known.Where(p => Belonging.SetGroup(c, t, p.Key, group.Key, isIn, from)).ToList();
            if (changed.Count == 0) return new(id);
            Audit.Write(c, t, actor, Now, isIn ? "group.joined" : "group.left", group.Name,
                new("people", isIn ? null : Names(changed), isIn ? Names(changed) : null), new("from", null, from.ToString()));
            Rulebook.TouchFloor(c, t);
            Belonging.Changed(c, t, [.. changed.Select(p => p.Key)], from, Now);
            return new KeptGroup(id);
        });
    }

    private static readonly KeptGroup SameName = new(null, Ui.Text("There is a group of this name already."));

    private static string Names(IEnumerable<(long Key, string Id, string Name)> people) =>
        string.Join(", ", people.Select(p => p.Name).Order(StringComparer.Ordinal));

    private static string YesOrNo(bool yes) => yes ? "yes" : "no";

    private static bool IsTaken(DbConnection c, DbTransaction t, string name, long except) => c.ExecuteScalar<long>(
        "SELECT COUNT(*) FROM people_group WHERE name = @name AND key <> @except", new { name, except }, t) > 0;
}

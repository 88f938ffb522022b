using System.Data.Common;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.People;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Activities;
using Laurel.Storage;

namespace Laurel.App.Features.Projects;

/// <summary>What became of a project that was to be saved; the id is null where it was not.</summary>
public sealed record SavedProject(string? Id, IReadOnlyList<FieldProblem> Problems);

/// <summary>Makes and changes projects, and says what other systems call them. Its id is a key that activities name; it does not
/// change.</summary>
public sealed class SaveProject(
    Database database, CatalogueStore catalogue, BatchWriter writer, Intake intake, TimeProvider time)
{
    public const int LongestName = 200;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <param name="id">Made from the name where nothing is said.</param>
    public SavedProject Add(string? id, string? name, Actor actor)
    {
        name = name?.Trim() ?? "";
        id = id?.Trim() ?? "";
        var problems = new List<FieldProblem>();
        if (name.Length is 0 or > LongestName) problems.Add(new("Name", Ui.Text("Type a name of up to 200 characters.")));
        if (id.Length > 0 && !PersonForm.IsKey(id)) problems.Add(new("Id", Ui.Text("A key has 1 to 200 characters.")));
        if (problems.Count > 0) return new(null, problems);
        return database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            if (id.Length > 0 && ProjectStore.Find(c, t, id) is not null)
                return new SavedProject(null, [new("Id", Ui.Text("There is a project of this key already."))]);
            var free = id.Length > 0 ? id : NameProjects.FreeId(c, t, Organisation.Slug(name, "project"));
            Add(c, t, catalogue.Current(c, t), free, name, true, Now);
            Audit.Write(c, t, actor, Now, "project.added", name, new Change("key", null, free));
            return new SavedProject(free, []);
        });
    }

    /// <summary>In a transaction that holds the rules; who calls it says so in the audit log.</summary>
    public static void Add(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, string id, string name, bool active, long now) =>
        NameProjects.Make(connection, transaction, snapshot, id, name, now, active);

    /// <summary>Null where there is none of that id.</summary>
    public SavedProject? Change(string id, string? name, bool active, Actor actor)
    {
        name = name?.Trim() ?? "";
        if (name.Length is 0 or > LongestName) return new(null, [new("Name", Ui.Text("Type a name of up to 200 characters."))]);
        return database.Write((c, t) =>
        {
            Rulebook.Hold(c, t);
            if (ProjectStore.Find(c, t, id) is not { } known) return null;
            Change[] changes = [new("name", known.Name, name), new("active", Said(known.Active), Said(active))];
            if (!changes.Any(x => x.IsReal)) return new SavedProject(id, []);
            Update(c, t, id, name, active);
            Audit.Write(c, t, actor, Now, "project.changed", name, changes);
            return new SavedProject(id, []);
        });
    }

    public static void Update(DbConnection connection, DbTransaction transaction, string id, string name, bool active) =>
        connection.Execute("UPDATE project SET name = @name, active = @active WHERE id = @id",
            new { id, name, active = active ? 1 : 0 }, transaction);

    public static string Said(bool active) => active ? "yes" : "no";

    /// <summary>
    /// Says which project an identity of another system means; null for none. What came by it goes with it. False where there is no such
    /// project.
    /// </summary>
    public bool Link(ExternalIdentity identity, string? project, Actor actor)
    {
        var decided = BatchOutcome.Nothing;
        var done = database.Write((c, t) =>
        {
            decided = BatchOutcome.Nothing;
            // Nobody brings something for it in between.
            Rulebook.Hold(c, t);
            var before = Linked(c, t, identity);
            if (Link(c, t, identity, project) is not { } touched) return false;
            decided = writer.DecideProjects(c, t, touched);
            var change = new Change("linked-to", before, project);
            if (change.IsReal)
                Audit.Write(c, t, actor, Now, project is null ? "identity.unlinked" : "identity.linked", identity.ToString(), change);
            return true;
        });
        intake.Tell(decided);
        return done;
    }

    /// <summary>The id of the project that it is linked to.</summary>
    public static string? Linked(DbConnection connection, DbTransaction transaction, ExternalIdentity identity) =>
        connection.ExecuteScalar<string?>(
            """
            SELECT p.id FROM project_identity i JOIN project p ON p.key = i.project
            WHERE i.provider = @Provider AND i.external = @External
            """, identity, transaction);

    /// <summary>
    /// The same in a transaction that holds the rules. Keys of the projects whose activities have become others; null where there is no
    /// such project.
    /// </summary>
    public static IReadOnlyCollection<long>? Link(
        DbConnection connection, DbTransaction transaction, ExternalIdentity identity, string? project)
    {
        var key = project is null ? null : ProjectStore.Find(connection, transaction, project)?.Key;
        if (project is not null && key is null) return null;
        var before = connection.ExecuteScalar<long?>(
            "SELECT project FROM project_identity WHERE provider = @Provider AND external = @External", identity, transaction);
        var row = connection.ExecuteScalar<long>(
            """
            INSERT INTO project_identity (provider, external, project) VALUES (@Provider, @External, @key)
            ON CONFLICT (provider, external) DO UPDATE SET project = excluded.project RETURNING key
            """, new { identity.Provider, identity.External, key }, transaction);
        connection.Execute("UPDATE activity SET project = @key WHERE project_identity = @row", new { key, row }, transaction);
        Rulebook.TouchFloor(connection, transaction);
        return [.. new[] { before, key }.OfType<long>().Distinct()];
    }
}

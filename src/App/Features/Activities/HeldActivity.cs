using System.Data.Common;
using System.Text.Json;
using Dapper;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;

namespace Laurel.App.Features.Activities;

/// <summary>An activity that waits for its person, as it is stored.</summary>
public sealed record HeldActivity(
    string Type, string Person, string? Team, long At, IReadOnlyList<Measure> Measures, IReadOnlyList<Label> Labels,
    string? Project, string? Contact, long Version)
{
    public static string Write(IncomingActivity activity) => JsonSerializer.Serialize(
        new HeldActivity(activity.Type, activity.Person!, activity.Team, activity.At, activity.Measures, activity.Labels,
            activity.Project, activity.Contact, activity.Version), CatalogueStore.Json);

    /// <summary>
    /// Takes back what waits for a person, as if it had not come yet, some at a time; the caller brings them in again before it asks
    /// for the next. What is held anew meanwhile does not come twice.
    /// </summary>
    public static IEnumerable<IReadOnlyList<IncomingActivity>> Release(
        DbConnection connection, DbTransaction transaction, string person, int most)
    {
        var (source, id) = (0L, Array.Empty<byte>());
        while (true)
        {
            var rows = connection.Query<(long SourceKey, string Source, byte[] Id, string Body, long? Import)>(
                """
                SELECT h.source, s.id, h.id, h.body, h.import FROM held h JOIN source s ON s.key = h.source
                WHERE h.person_id = @person AND (h.source, h.id) > (@source, @id) ORDER BY h.source, h.id LIMIT @most
                """, new { person, source, id, most }, transaction).ToList();
            if (rows.Count == 0) yield break;
            (source, id) = (rows[^1].SourceKey, rows[^1].Id);
            var identities = rows.ConvertAll(r => new { r.SourceKey, r.Id });
            connection.Execute("DELETE FROM activity_key WHERE source = @SourceKey AND id = @Id", identities, transaction);
            connection.Execute("DELETE FROM held WHERE source = @SourceKey AND id = @Id", identities, transaction);
            yield return rows.ConvertAll(r => Read(r.Source, r.Id, r.Body) with { Import = r.Import });
        }
    }

    public static IncomingActivity Read(string source, byte[] id, string body)
    {
        var held = JsonSerializer.Deserialize<HeldActivity>(body, CatalogueStore.Json)!;
        return new(source, ActivityId.FromBytes(id), held.Type, held.Person, held.Team, held.At, held.Measures, held.Labels)
        {
            Project = held.Project, Contact = held.Contact, Version = held.Version,
        };
    }

    /// <summary>
    /// Lets the identity of one that counts for somebody else know what was sent: sent again it is a duplicate, no conflict.
    /// </summary>
    public static void KeepAsSent(DbConnection connection, DbTransaction transaction, IncomingActivity sent) => connection.Execute(
        """
        UPDATE activity_key SET content = @content
        WHERE source = (SELECT key FROM source WHERE id = @Source) AND id = @id AND version = @Version
        """,
        new { sent.Source, id = sent.Id.ToArray(), sent.Version, content = ActivityBody.Fingerprint(sent) }, transaction);

    /// <summary>Holds again what was released and could not be taken, so that nothing acknowledged is lost.</summary>
    public static void Return(DbConnection connection, DbTransaction transaction, IncomingActivity activity, long now)
    {
        var of = new
        {
            source = connection.ExecuteScalar<long>("SELECT key FROM source WHERE id = @Source", new { activity.Source }, transaction),
            id = activity.Id.ToArray(), activity.Version, content = ActivityBody.Fingerprint(activity), activity.Person, now,
            body = Write(activity), activity.Import,
        };
        connection.Execute(
            """
            INSERT INTO activity_key (source, id, version, content, activity) VALUES (@source, @id, @Version, @content, NULL)
            ON CONFLICT DO NOTHING
            """, of, transaction);
        connection.Execute(
            """
            INSERT INTO held (source, id, person_id, received_at, body, import) VALUES (@source, @id, @Person, @now, @body, @Import)
            ON CONFLICT DO NOTHING
            """, of, transaction);
    }
}

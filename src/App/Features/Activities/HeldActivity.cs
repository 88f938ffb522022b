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

    /// <summary>Takes back what waits for a person, as if it had not come yet; the caller brings it in again.</summary>
    public static List<IncomingActivity> Release(DbConnection connection, DbTransaction transaction, string person)
    {
        var rows = connection.Query<(long SourceKey, string Source, byte[] Id, string Body)>(
            "SELECT h.source, s.id, h.id, h.body FROM held h JOIN source s ON s.key = h.source WHERE h.person_id = @person",
            new { person }, transaction).ToList();
        foreach (var row in rows)
        {
            var identity = new { row.SourceKey, row.Id };
            connection.Execute("DELETE FROM activity_key WHERE source = @SourceKey AND id = @Id", identity, transaction);
            connection.Execute("DELETE FROM held WHERE source = @SourceKey AND id = @Id", identity, transaction);
        }
        return [.. rows.Select(row => JsonSerializer.Deserialize<HeldActivity>(row.Body, CatalogueStore.Json)! switch
        {
            var held => new IncomingActivity(
                row.Source, ActivityId.FromBytes(row.Id), held.Type, held.Person, held.Team, held.At, held.Measures, held.Labels)
            {
                Project = held.Project, Contact = held.Contact, Version = held.Version,
            },
        })];
    }
}

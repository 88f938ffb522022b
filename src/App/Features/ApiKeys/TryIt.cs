using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using Laurel.App.Features.Achievements.Catalogue;
using Laurel.App.Platform.Catalogue;
using Laurel.Engine.Activities;
using Laurel.Engine.Presence;
using Laurel.Storage;

namespace Laurel.App.Features.ApiKeys;

/// <summary>An activity to send with a new key: of a type that is declared here, by somebody who works here.</summary>
public sealed class TryIt(Database database, TimeProvider time)
{
    // A shell shows it, no page's markup.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line that declares what may be sent, where nothing is declared yet.</summary>
    public static string SetUpLine(string origin) => $"""
        curl {origin}/api/v1/setup \
          -H "Authorization: Bearer KEY" \
          -H "Content-Type: application/yaml" \
          --data-binary @setup.yaml
        """;

    /// <summary>The line to type, and whose work it would be; null where no type is declared yet, or nobody is there.</summary>
    /// <param name="origin">Scheme and name by which the page was opened.</param>
    public (string Text, string Person)? Line(string origin, string key)
    {
        using var connection = database.Read();
        var types = connection.Query<string>(
            "SELECT definition FROM activity_type WHERE id NOT LIKE 'external:%' AND id NOT IN (@Change, @Segment) ORDER BY key",
            new { PresenceTypes.Change, PresenceTypes.Segment })
            .Select(t => JsonSerializer.Deserialize<ActivityType>(t, CatalogueStore.Json)!)
            .Where(t => !DeclareOwnTypes.Ids.Contains(t.Id)).ToList();
        // Agents first: a badge for the administrator surprises.
        var somebody = connection.QueryFirstOrDefault<(string Id, string Name)?>(
            "SELECT id, name FROM person WHERE active = 1 ORDER BY CASE role WHEN 'agent' THEN 0 ELSE 1 END, key LIMIT 1");
        if ((types.Find(t => t.NeedsPerson) ?? types.FirstOrDefault()) is not { Id: var type }) return null;
        if (somebody is not var (person, name)) return null;
        var now = time.GetUtcNow();
        var activity = JsonSerializer.Serialize(new
        {
            specversion = "1.0", id = now.ToString("'try-'yyyyMMddHHmmss", CultureInfo.InvariantCulture), source = "try", type,
            time = now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), data = new { person },
        }, Json);
        var line = $"""
            curl {origin}/api/v1/activities \
              -H "Authorization: Bearer {key}" \
              -H "Content-Type: application/cloudevents+json" \
              -d '{activity.Replace("'", @"'\''", StringComparison.Ordinal)}'
            """;
        return (line, name);
    }
}

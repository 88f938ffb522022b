using System.IO.Compression;
using System.Text;
using Laurel.App.Features.Imports;
using Laurel.Engine.Activities;
using Laurel.Engine.Importing;

namespace Laurel.App.Tests.Features.Imports;

/// <summary>Files and mappings for these tests, in a folder that goes away with them.</summary>
internal sealed class Reading : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("laurel-import").FullName;

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    public static Mapping Mapping(string yaml, string? names = null)
    {
        var reading = MappingFile.Read(yaml, "mapping.yaml", _ => names);
        reading.Problems.ShouldBeEmpty();
        return reading.Mapping!;
    }

    public static Mapping Load(params string[] sample)
    {
        var reading = MappingFile.Load(DataSets.Sample([.. sample, "mapping.yaml"]));
        reading.Problems.ShouldBeEmpty();
        return reading.Mapping!;
    }

    /// <summary>A mapping of columns id, who, at (ISO) to one activity, with more lines of YAML for the activity and the top.</summary>
    public static string Yaml(string activity = "", string top = "") => $$"""
        source: test
        times:
          at: { column: at, format: iso }
        {{top}}
        activities:
          - type: done
            id: "{id}"
            person: who
            at: at
        {{string.Join('\n', activity.Split('\n').Select(line => "    " + line))}}
        """;

    public List<ReadItem> Read(string mapping, string name, string text) => [.. Reader(mapping, name, text).Read()];

    public ImportReader Reader(string mapping, string name, string text) => new(Mapping(mapping), [Write(name, text)]);

    public static List<IncomingActivity> Activities(IEnumerable<ReadItem> items) =>
        [.. items.OfType<ReadActivity>().Select(item => item.Activity)];

    public static string Reason(ReadItem item) => item switch
    {
        ReadReject reject => reject.Reason,
        UnreadableFile unreadable => unreadable.Reason,
        _ => item.ToString(),
    };

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

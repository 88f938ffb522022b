using System.IO.Compression;
using Laurel.App.Features.Imports;
using Laurel.Engine.Activities;
using Laurel.Engine.Importing;

namespace Laurel.App.Tests.Features.Imports;

/// <summary>The published answers of the whole event log, from the sample's mapping alone.</summary>
public sealed class IncidentsFullSetTests
{
    private static readonly string Log = Path.Combine(DataSets.FullData, "servicenow-incidents", "incident_event_log.csv.gz");

    [Fact]
    public void Read_the_event_log_gives_the_known_answers()
    {
        var reader = new ImportReader(Reading.Load("incidents"), [Log]);

        var items = reader.Read().ToList();

        var resolved = Reading.Activities(items);
        items.Where(item => item is not ReadActivity).ShouldBeEmpty();
        reader.Counts.Rows.ShouldBe(141_712);
        (reader.Counts.Rows - reader.Counts.Replaced).ShouldBe(24_918);
        reader.Counts.Ignored.ShouldBe([1_556L, 26L]);
        resolved.Count.ShouldBe(23_336);
        resolved.Count(a => a.Labels.Contains(new("sla", "met"))).ShouldBe(14_415);
        resolved.Count(a => a.Labels.Contains(new("sla", "missed"))).ShouldBe(8_921);
        resolved.Count(a => a.Labels.Contains(new("knowledge", "used"))).ShouldBe(3_416);
        resolved.Select(a => a.Id).Distinct().Count().ShouldBe(23_336);
        var hours = resolved.Select(a => a.Measures.Single(m => m.Name == "time-to-resolve").Amount.Thousandths / 3_600_000.0)
            .Order().ToList();
        hours[hours.Count / 2].ShouldBe(22, 0.5);
        hours[hours.Count * 9 / 10].ShouldBe(382, 0.5);
    }

    [Fact]
    public void Read_the_event_log_counts_for_each_person_what_a_plain_count_does()
    {
        var counted = Reading.Activities(new ImportReader(Reading.Load("incidents"), [Log]).Read())
            .GroupBy(a => a.Person!).ToDictionary(g => g.Key, g => g.Count());

        counted.ShouldBe(PlainCount(), ignoreOrder: true);
    }

    /// <summary>Written apart: no field of this file has a quote, so a comma always parts two of them.</summary>
    private static Dictionary<string, int> PlainCount()
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(Log), CompressionMode.Decompress));
        var last = new Dictionary<string, string[]>();
        text.ReadLine();
        while (text.ReadLine() is { } line)
        {
            var fields = line.Split(',');
            fields.Length.ShouldBe(36);
            last[fields[0]] = fields;
        }
        return last.Values.Where(fields => fields[33] != "?" && fields[34] != "?")
            .GroupBy(fields => "resolved-by-" + fields[33].Split(' ')[^1]).ToDictionary(g => g.Key, g => g.Count());
    }
}

using System.Text;
using Laurel.App.Features.Imports;

namespace Laurel.App.Tests.Features.Imports;

/// <summary>Files that are not what they should be: each gets an answer with its line, and what can be read is read.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const string Header = "id,who,at\n";
    private readonly Reading reading = new();

    public void Dispose() => reading.Dispose();

    private static string Good(int id) => $"{id},g,2026-03-01T08:53:00Z\n";

    private List<ReadItem> Read(string name, byte[] bytes) =>
        [.. new ImportReader(Reading.Mapping(Reading.Yaml()), [reading.Write(name, bytes)]).Read()];

    private List<ReadItem> Read(string text, string name = "a.csv") => Read(name, Encoding.UTF8.GetBytes(text));

    private static string Told(List<ReadItem> items) => string.Join("; ", items.Select(item =>
        item is ReadActivity good ? $"{good.Line}={good.Activity.Id}" : $"{item.Line}: {Reading.Reason(item)}"));

    [Fact]
    public void Read_a_quote_that_is_never_closed_costs_one_row() =>
        Told(Read(Header + Good(1) + "2,\"g,2026-03-01T08:53:00Z\n" + Good(3) + Good(4)))
            .ShouldBe("2=1; 3: a quote is opened and not closed; 4=3; 5=4");

    [Fact]
    public void Read_a_quote_that_a_later_row_closes_costs_one_row() =>
        Told(Read(Header + "2,\"g,2026-03-01T08:53:00Z\n" + Good(3) + "4,\"g\",2026-03-01T08:53:00Z\n"))
            .ShouldBe("2: a quote is opened and not closed; 3=3; 4=4");

    [Fact]
    public void Read_a_quote_opened_before_a_thousand_rows_is_given_up()
    {
        var items = Read(Header + "1,\"g,x\n" + string.Concat(Enumerable.Range(2, 1500).Select(Good)));

        items.Count.ShouldBe(1501);
        Reading.Reason(items[0]).ShouldBe("a quote is opened and not closed");
        items.Skip(1).ShouldAllBe(item => item is ReadActivity);
    }

    [Fact]
    public void Read_line_breaks_delimiters_and_quotes_inside_quotes_are_text()
    {
        var items = new ImportReader(Reading.Mapping(Reading.Yaml("labels: { note: note }")),
            [reading.Write("a.csv",
                "id,who,at,note\r\n1,g,2026-03-01T08:53:00Z,\"a \"\"b\"\",\r\nc\"\r\n2,g,2026-03-01T08:53:00Z,5\" screen\r\n")])
            .Read().ToList();

        Reading.Activities(items).Select(a => a.Labels.Single().Text).ShouldBe(["a \"b\",\nc", "5\" screen"]);
        items.Select(item => item.Line).ShouldBe([2L, 4L]);
    }

    [Fact]
    public void Read_text_after_a_closing_quote_is_a_reject() =>
        Told(Read(Header + "1,\"g\"x,2026-03-01T08:53:00Z\n" + Good(2))).ShouldBe("2: text follows the closing quote of column 2; 3=2");

    [Fact]
    public void Read_wrong_number_of_columns_is_a_reject() =>
        Told(Read(Header + "1,g\n" + Good(2) + "3,g,2026-03-01T08:53:00Z,more\n"))
            .ShouldBe("2: 2 columns, where the first line has 3; 3=2; 4: 4 columns, where the first line has 3");

    [Fact]
    public void Read_a_huge_line_is_a_reject_and_reading_goes_on() =>
        Told(Read(Header + new string('x', (1 << 20) + 7) + "\n" + Good(2))).ShouldBe("2: line longer than 1 MB; 3=2");

    [Fact]
    public void Read_a_line_that_is_not_utf8_is_a_reject() =>
        Told(Read("a.csv", [.. Encoding.UTF8.GetBytes(Header), (byte)'1', 0xE0, (byte)'\n', .. Encoding.UTF8.GetBytes(Good(2))]))
            .ShouldBe("2: not UTF-8: byte 2 of the line is 0xE0; 3=2");

    [Fact]
    public void Read_a_byte_order_mark_and_missing_last_line_end_do_no_harm() =>
        Told(Read("a.csv", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Header + "\r\n" + Good(1).TrimEnd())])).ShouldBe("3=1");

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.ndjson")]
    public void Read_an_empty_file_is_told(string name) => Told(Read("", name)).ShouldBe("1: the file is empty");

    [Fact]
    public void Read_a_missing_column_names_the_nearest() =>
        Told(Read("id,whoo,at\n" + Good(1)))
            .ShouldBe("1: there is no column 'who' (did you mean 'whoo'?); the first line names id, whoo, at");

    [Fact]
    public void Read_a_column_that_is_there_twice_is_told() =>
        Told(Read("id,who,at,who\n")).ShouldBe("1: the column 'who' is there twice");

    [Fact]
    public void Read_a_missing_file_is_told() =>
        Told([.. new ImportReader(Reading.Mapping(Reading.Yaml()), ["/nowhere/a.csv"]).Read()]).ShouldBe("0: there is no such file");

    [Fact]
    public void Read_binary_zip_and_utf16_are_told_apart()
    {
        Told(Read("a.csv", [.. "id,who,at\n"u8, 7, 0, 9])).ShouldBe("2: a binary file, not text");
        Told(Read("a.csv", [.. "PK\x03\x04"u8, 0, 0])).ShouldBe("1: a zip archive (or a spreadsheet): unpack or export it first");
        Told(Read("a.csv", [0xFF, 0xFE, (byte)'i', 0])).ShouldBe("1: encoded as UTF-16: save it as UTF-8");
    }

    [Fact]
    public void Read_gzip_is_known_by_its_signature_whatever_its_name() =>
        Told(Read("a.csv", Reading.Gzip(Header + Good(1)))).ShouldBe("2=1");

    [Theory]
    [InlineData(12)]
    [InlineData(200)]
    public void Read_truncated_gzip_gives_what_stands_before_the_cut(int kept)
    {
        var whole = Reading.Gzip(Header + string.Concat(Enumerable.Range(1, 500).Select(Good)));

        var items = Read("a.csv.gz", whole[..kept]);

        Reading.Reason(items[^1]).ShouldBe("the gzip data is damaged or cut off here");
        items[^1].Line.ShouldBe(items.Count == 1 ? 1 : items[^2].Line + 1);
        items.SkipLast(1).ShouldAllBe(item => item is ReadActivity);
    }

    [Fact]
    public void Read_gzip_that_lost_its_last_bytes_is_told()
    {
        var whole = Reading.Gzip(Header + Good(1) + Good(2));

        Read("a.csv.gz", whole[..^6])[^1].ShouldBeOfType<UnreadableFile>();
    }

    [Fact]
    public void Read_ndjson_judges_each_line_alone() =>
        Told(Read("{\"id\":1,\"who\":\"g\",\"at\":\"2026-03-01T08:53:00Z\"}\n{\"id\":\n[1]\n{\"id\":\"\\ud800\"}\n"
                + "{\"id\":5,\"who\":\"g\",\"at\":\"2026-03-01T08:53:00Z\"}\n", "a.jsonl"))
            .ShouldBe(
                "1=1; 2: not well-formed JSON at column 7; 3: not a JSON object; 4: a text of the JSON holds half of a surrogate pair; "
                + "5=5");

    [Fact]
    public void Read_a_json_array_is_told() =>
        Told(Read("[{\"id\":1}]", "a.ndjson")).ShouldBe("1: a JSON array: NDJSON has one object on each line");

    [Fact]
    public void Read_deeply_nested_json_is_a_reject() =>
        Reading.Reason(Read("{}\n{\"id\":" + new string('[', 5000) + "\n", "a.ndjson")[1]).ShouldStartWith("not well-formed JSON");

    [Fact]
    public void Read_long_texts_are_rejects()
    {
        var yaml = Reading.Yaml("labels: { note: note }");
        var longText = new string('x', 1001);

        var items = reading.Read(yaml, "a.csv",
            $"id,who,at,note\n{longText},g,2026-03-01T08:53:00Z,a\n1,g,2026-03-01T08:53:00Z,{longText}\n");

        Told(items).ShouldBe("2: identity longer than 200 bytes; 3: label note: longer than 1000 characters");
    }
}

using System.Globalization;
using Laurel.App.Features.Imports;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Imports;

public sealed class ImportReaderTests : IDisposable
{
    private const string At = "2026-03-01T08:53:00+02:00";
    private readonly Reading reading = new();

    public void Dispose() => reading.Dispose();

    [Fact]
    public void Read_a_row_becomes_an_activity()
    {
        var yaml = Reading.Yaml("""
            measures: { talk: { column: minutes, times: 60 } }
            labels: { channel: { text: phone }, kind: kind }
            project: project
            contact: contact
            """);

        var activity = One(yaml, $"id,who,at,minutes,kind,project,contact\n7,greta,{At},2.5,,P1,C9\n");

        activity.Source.ShouldBe("test");
        activity.Id.ShouldBe(ActivityId.Of("7"));
        activity.Type.ShouldBe("done");
        activity.Person.ShouldBe("greta");
        activity.At.ShouldBe(DateTimeOffset.Parse(At, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
        activity.Measures.ShouldBe([new Measure("talk", new Amount(150_000))]);
        activity.Labels.ShouldBe([new Label("channel", "phone")], "an empty column is no label");
        activity.Project.ShouldBe("P1");
        activity.Contact.ShouldBe("C9");
        activity.UnknownPerson.ShouldBe(UnknownPerson.Hold);
    }

    [Theory]
    [InlineData("{ column: x, is: a }", "a", true)]
    [InlineData("{ column: x, is: a }", "", false)]
    [InlineData("{ column: x, is: [a, b] }", "b", true)]
    [InlineData("{ column: x, is-not: [a, b] }", "c", true)]
    [InlineData("{ column: x, is-not: a }", "", true)]
    [InlineData("{ column: x, is-not: a }", "a", false)]
    [InlineData("{ column: x, missing: true }", "?", true)]
    [InlineData("{ column: x, missing: false }", "?", false)]
    [InlineData("{ column: x, present: true }", " a ", true)]
    [InlineData("{ column: x, at-least: 20 }", "20", true)]
    [InlineData("{ column: x, above: 20 }", "20", false)]
    [InlineData("{ column: x, below: -0.5 }", "-0.501", true)]
    [InlineData("{ column: x, at-least: 1, at-most: 20 }", "21", false)]
    [InlineData("{ column: x, at-most: 20 }", "", false)]
    [InlineData("[{ column: x, is: a }, { column: y, is: b }]", "a", true)]
    [InlineData("{ any: [{ column: x, is: z }, { column: y, is: b }] }", "a", true)]
    [InlineData("{ all: [{ column: x, is: z }, { column: y, is: b }] }", "a", false)]
    [InlineData("{ not: { column: x, is: a } }", "a", false)]
    public void Read_a_condition_decides(string when, string x, bool holds)
    {
        var items = reading.Read(Reading.Yaml("when: " + when, "missing: '?'"), "a.csv", $"id,who,at,x,y\n1,g,{At},{x},b\n");

        items.Count.ShouldBe(holds ? 1 : 0);
        items.ShouldAllBe(item => item is ReadActivity);
    }

    [Theory]
    [InlineData("{ missing: NO_SERVER, replace: { NO_SERVER: NA } }", "NO_SERVERAMA", "NAAMA")]
    [InlineData("{ missing: NO_SERVER, replace: { NO_SERVER: NA } }", "NO_SERVER", null)]
    [InlineData("{ lower: true }", "KAZAV", "kazav")]
    [InlineData("{ upper: true, prefix: 'a-' }", "kazav", "a-KAZAV")]
    [InlineData("{ collapse-spaces: true }", "Opened by \t 8", "Opened by 8")]
    [InlineData("{ slug: true }", " Žilvinas  O'Hara_7 ", "zilvinas-o-hara-7")]
    [InlineData("{ first: 4 }", "990501", "9905")]
    [InlineData("{ last: 2 }", "990501", "01")]
    [InlineData("{ map: { a: b } }", "a", "b")]
    [InlineData("{ map: { a: b } }", "c", "c")]
    [InlineData("{ map: { a: b }, else: missing, default: z }", "c", "z")]
    [InlineData("{ missing: ['0:00:00'], missing-when: { column: y, is: '0' } }", "0:00:00", null)]
    [InlineData("{ missing: ['0:00:00'], missing-when: { column: y, is: '9' } }", "0:00:00", "0:00:00")]
    [InlineData("{ text: '{x}/{y}' }", "a", "a/0")]
    [InlineData("{ text: '{x}/{y}', default: none }", "", "none")]
    [InlineData("{ text: '{{{y}}}' }", "", "{0}")]
    public void Read_a_column_is_cleaned(string column, string x, string? expected)
    {
        var yaml = Reading.Yaml("labels: { x: x }", $"columns:\n  x: {column}");

        var activity = One(yaml, $"id,who,at,x,y\n1,g,{At},{x},0\n");

        activity.Labels.ShouldBe(expected is null ? [] : [new Label("x", expected)]);
    }

    [Theory]
    [InlineData("12,5", 12_500)]
    [InlineData("-0,5", -500)]
    [InlineData("+7", 7_000)]
    [InlineData(",5", 500)]
    [InlineData("1.234,5", 1_234_500)]
    [InlineData("1.234.567", 1_234_567_000)]
    [InlineData("12 345,25", 12_345_250)]
    [InlineData("1\u00A0234", 1_234_000)]
    public void Read_a_number_with_a_decimal_comma(string text, long thousandths)
    {
        var yaml = Reading.Yaml("measures: { talk: talk }\nwhen: { column: talk, above: -1 }", "decimal: comma\ndelimiter: \";\"");
        One(yaml, $"id;who;at;talk\n1;g;{At};{text}\n").Measures.ShouldBe([new Measure("talk", new Amount(thousandths))]);
    }

    [Theory]
    [InlineData("12.5")]
    [InlineData("1.23,5")]
    [InlineData("1.234 567")]
    [InlineData("1234.567")]
    [InlineData("12,")]
    [InlineData("1,2,3")]
    [InlineData(".234")]
    [InlineData("-")]
    [InlineData("1e3")]
    [InlineData("many")]
    public void Read_what_is_no_number_with_a_decimal_comma_is_rejected(string text) =>
        reading.Read(Reading.Yaml("measures: { talk: talk }", "decimal: comma\ndelimiter: \";\""), "a.csv",
                $"id;who;at;talk\n1;g;{At};{text}\n")
            .ShouldHaveSingleItem().ShouldBeOfType<ReadReject>().Reason.ShouldStartWith($"measure talk: '{text}' is not a number");

    [Theory]
    [InlineData("measures: { talk: talk }", "", "12,5",
        "; where the comma begins the decimals, write 'decimal: comma' at the top of the mapping")]
    [InlineData("when: { column: talk, above: 1 }", "", "1.234,5",
        "; where the comma begins the decimals, write 'decimal: comma' at the top of the mapping")]
    [InlineData("measures: { talk: talk }", "", "a,b", "")]
    [InlineData("measures: { talk: talk }", "decimal: comma", "12.5", "; the mapping says 'decimal: comma', and this has a point")]
    public void Read_a_number_of_the_other_sign_names_the_key(string activity, string top, string text, string hint) =>
        reading.Read(Reading.Yaml(activity, top + "\ndelimiter: \";\""), "a.csv", $"id;who;at;talk\n1;g;{At};{text}\n")
            .ShouldHaveSingleItem().ShouldBeOfType<ReadReject>().Reason.ShouldEndWith(hint.Length > 0 ? hint : "billion");

    [Fact]
    public void Read_numbers_of_JSON_have_a_point_whatever_the_mapping_says()
    {
        var line = $$"""{"id":"1","who":"g","at":"{{At}}","talk":1.234}""";
        var read = reading.Read(Reading.Yaml("measures: { talk: talk }", "decimal: comma"), "a.ndjson", line);
        Reading.Activities(read).Single().Measures.ShouldBe([new Measure("talk", new Amount(1_234))]);
    }

    [Fact]
    public void Read_a_text_that_the_table_lacks_may_be_rejected() =>
        reading.Read(Reading.Yaml("labels: { x: { column: x, map: { a: b }, else: reject } }"), "a.csv", $"id,who,at,x\n1,g,{At},c\n")
            .ShouldHaveSingleItem().ShouldBeOfType<ReadReject>().Reason.ShouldBe("'c' is not in the table of the mapping");

    [Theory]
    [InlineData("yyMMdd", "990501", "H:mm:ss", "7:05:09", "1999-05-01T05:05:09+01:00")]
    [InlineData("d/M/yyyy", "29/2/2016", "HH:mm", "01:23", "2016-02-29T01:23:00+02:00")]
    public void Read_date_and_time_are_local_to_the_zone(string dates, string date, string times, string time, string expected)
    {
        var yaml = Local($"when: {{ date: d, date-format: {dates}, time: t, time-format: '{times}' }}");
        var zoneAware = DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture);

        var at = One(yaml, $"id,who,d,t\n1,g,{date},{time}\n").At;

        DateTimeOffset.FromUnixTimeMilliseconds(at).ShouldBe(zoneAware with { }, TimeSpan.FromHours(2));
        new Laurel.Engine.Kernel.SiteClock(NodaTime.DateTimeZoneProviders.Tzdb["Europe/Vilnius"]).WorkdayOf(at).ToString()
            .ShouldBe(expected[..10]);
    }

    [Theory]
    // Vilnius, 29 March 2026: three o'clock becomes four. 25 October: four becomes three.
    [InlineData("2026-03-29 03:30", "2026-03-29T01:30:00Z", 1, 0)]
    [InlineData("2026-10-25 03:30", "2026-10-25T00:30:00Z", 0, 1)]
    [InlineData("2026-10-25 04:30", "2026-10-25T02:30:00Z", 0, 0)]
    public void Read_a_time_in_a_gap_moves_forward_and_in_an_overlap_is_the_earlier(string time, string utc, int gaps, int overlaps)
    {
        var reader = reading.Reader(Local("when: { column: t, format: yyyy-MM-dd HH:mm }"), "a.csv", $"id,who,t\n1,g,{time}\n");

        var activity = Reading.Activities(reader.Read()).Single();

        DateTimeOffset.FromUnixTimeMilliseconds(activity.At).ShouldBe(DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture));
        reader.Counts.Gaps.ShouldBe(gaps);
        reader.Counts.Overlaps.ShouldBe(overlaps);
    }

    [Theory]
    [InlineData("23:59:50", "0:00:20", "0:03:00", "2026-05-02", 160)]
    [InlineData("23:40:00", "23:50:00", "0:03:00", "2026-05-01", 780)]
    [InlineData("7:02:56", "7:02:55", "7:05:41", "2026-05-01", 166)]
    public void Read_past_midnight_is_the_next_day(string entered, string started, string ended, string day, int seconds)
    {
        const string Rest = "date: d, date-format: yyyy-MM-dd, time-format: 'H:mm:ss'";
        var yaml = $$"""
            source: test
            zone: Europe/Vilnius
            times:
              entered: { {{Rest}}, time: e }
              started: { {{Rest}}, time: s, not-before: entered }
              ended: { {{Rest}}, time: x, not-before: started }
            activities:
              - type: call
                id: id
                person: who
                at: started
                measures: { length: { from: started, to: ended } }
            """;

        var activity = One(yaml, $"id,who,d,e,s,x\n1,g,2026-05-01,{entered},{started},{ended}\n");

        SiteClock.Find("Europe/Vilnius")!.WorkdayOf(activity.At).ToString().ShouldBe(day);
        activity.Measures.Single().Amount.ShouldBe(new Amount(seconds * 1000));
    }

    [Theory]
    [InlineData("unix", "1772347980", 1772347980000)]
    [InlineData("unix-ms", "1772347980123", 1772347980123)]
    [InlineData("iso", "2026-03-01T06:53:00Z", 1772347980000)]
    [InlineData("dd.MM.yyyy HH:mm o<+HH>", "01.03.2026 08:53 +02", 1772347980000)]
    public void Read_an_instant_needs_no_zone(string format, string text, long at)
    {
        var yaml = Reading.Yaml().Replace("format: iso", $"format: {format}", StringComparison.Ordinal);

        One(yaml, $"id,who,at\n1,g,{text}\n").At.ShouldBe(at);
    }

    [Fact]
    public void Read_the_first_time_that_is_present_counts()
    {
        var yaml = Reading.Yaml().Replace("at: at", "at: [late, at]", StringComparison.Ordinal)
            .Replace("times:", "times:\n  late: { column: late, format: unix }", StringComparison.Ordinal);

        Reading.Activities(reading.Read(yaml, "a.csv", $"id,who,at,late\n1,g,{At},\n2,g,{At},5\n")).Select(a => a.At)
            .ShouldBe([1772347980000, 5000]);
    }

    [Fact]
    public void Read_shifted_keeps_the_hour_of_day_over_a_change_of_clocks()
    {
        var mapping = Reading.Mapping(Local("when: { column: t, format: yyyy-MM-dd HH:mm }"));
        var file = reading.Write("a.csv", "id,who,t\n1,g,2026-03-20 09:00\n");

        var shifted = Reading.Activities(new ImportReader(mapping, [file], shiftDays: 14).Read()).Single();

        DateTimeOffset.FromUnixTimeMilliseconds(shifted.At).ShouldBe(new DateTimeOffset(2026, 4, 3, 9, 0, 0, TimeSpan.FromHours(3)));
        shifted.Id.ShouldBe(ActivityId.Of("1"));
    }

    [Fact]
    public void Read_last_row_per_key_needs_no_order_and_looks_over_all_files()
    {
        var mapping = Reading.Mapping(Reading.Yaml("labels: { state: state }", "last-row-per: id"));
        var first = reading.Write("a.csv", $"id,who,at,state\nA,g,{At},new\nB,g,{At},new\nA,g,{At},open\nC,g,{At},new\n,g,{At},lost\n");
        var second = reading.Write("b.csv", $"id,who,at,state\nB,g,{At},closed\n");
        var reader = new ImportReader(mapping, [first, second]);

        var items = reader.Read().ToList();

        Reading.Activities(items).Select(a => $"{a.Id} {a.Labels.Single().Text}").ShouldBe(["A open", "C new", "B closed"]);
        items.OfType<ReadReject>().Single().Reason.ShouldBe("no identity: id is missing");
        reader.Counts.Replaced.ShouldBe(2);
        reader.BytesRead.ShouldBe(reader.TotalBytes);
    }

    [Fact]
    public void Read_one_row_may_give_several_activities_or_none()
    {
        const string Yaml = """
            source: test
            times: { at: { column: at, format: iso } }
            ignore:
              - { when: { column: x, is: skip }, because: not wanted }
            activities:
              - { type: resolved, id: "{id}", person: who, at: at }
              - { type: reopened, id: "{id}/reopened", person: who, at: at, when: { column: x, at-least: 1 } }
              - { type: lost, id: "{id}/lost", team: team, at: at, when: { column: who, missing: true } }
            """;
        var reader = reading.Reader(Yaml, "a.csv", $"id,who,at,x,team\n1,g,{At},2,\n2,g,{At},0,\n3,g,{At},skip,\n4,,{At},,retention\n");

        var items = reader.Read().ToList();

        Reading.Activities(items).Select(a => $"{a.Type} {a.Id} {a.Person}{a.Team}")
            .ShouldBe(["resolved 1 g", "reopened 1/reopened g", "resolved 2 g", "lost 4/lost retention"]);
        items.OfType<ReadReject>().Single().Reason.ShouldBe("no person: who is missing");
        reader.Counts.Ignored.ShouldBe([1L]);
        reader.Counts.Rows.ShouldBe(4);
    }

    [Fact]
    public void Read_names_come_from_the_table_then_from_the_row()
    {
        var yaml = Reading.Yaml(top: "names: n.csv\nunknown-people: create")
            .Replace("person: who", "person: { column: who, slug: true, name: who }", StringComparison.Ordinal);
        var mapping = Reading.Mapping(yaml, names: "person,name\ngreta,Greta Invented\n");
        var file = reading.Write("a.csv", $"id,who,at\n1,GRETA,{At}\n2,Jonas K,{At}\n");

        Reading.Activities(new ImportReader(mapping, [file]).Read()).Select(a => $"{a.Person}: {a.PersonName} {a.UnknownPerson}")
            .ShouldBe(["greta: Greta Invented Create", "jonas-k: Jonas K Create"]);
    }

    [Fact]
    public void Read_the_file_s_name_can_be_part_of_an_identity()
    {
        var mapping = Reading.Mapping(Reading.Yaml().Replace("\"{id}\"", "\"{file}/{id}\"", StringComparison.Ordinal));
        var file = reading.Write("may.2.txt.gz", Reading.Gzip($"id,who,at\n1,g,{At}\n"));

        Reading.Activities(new ImportReader(mapping, [file]).Read()).Single().Id.ShouldBe(ActivityId.Of("may/1"));
    }

    [Fact]
    public void Read_ndjson_takes_keys_and_nested_keys()
    {
        var yaml = Reading.Yaml("measures: { n: data.n }\nlabels: { ok: data.ok, none: data.none, dotted: a.b }");

        var activity = Reading.Activities(reading.Read(yaml, "a.ndjson",
            "\n{\"id\":7,\"who\":\"g\",\"at\":\"" + At + "\",\"a.b\":\"x\",\"data\":{\"n\":1.5e1,\"ok\":true,\"none\":null}}\n")).Single();

        activity.Id.ShouldBe(ActivityId.Of("7"));
        activity.Measures.ShouldBe([new Measure("n", new Amount(15_000))]);
        activity.Labels.ShouldBe([new Label("ok", "true"), new Label("dotted", "x")]);
    }

    [Theory]
    [InlineData("abc", "measure n: 'abc' is not a number of at most a billion")]
    [InlineData("1e10", "measure n: '1e10' is not a number of at most a billion")]
    [InlineData("NaN", "measure n: 'NaN' is not a number of at most a billion")]
    public void Read_what_is_no_number_is_a_reject(string number, string reason) =>
        reading.Read(Reading.Yaml("measures: { n: n }"), "a.csv", $"id,who,at,n\n1,g,{At},{number}\n")
            .ShouldHaveSingleItem().ShouldBeOfType<ReadReject>().Reason.ShouldBe(reason);

    [Fact]
    public void Read_a_reject_says_line_reason_and_row_and_spares_the_others()
    {
        var items = reading.Read(Reading.Yaml(), "a.csv", $"id,who,at\n1,g,{At}\n2,g,yesterday\n3,g,{At}\n");

        items.Count.ShouldBe(3);
        var reject = items[1].ShouldBeOfType<ReadReject>();
        reject.Line.ShouldBe(3);
        reject.Raw.ShouldBe("2,g,yesterday");
        reject.Reason.ShouldStartWith("at: 'yesterday' is no time of the form ");
    }

    private IncomingActivity One(string yaml, string csv)
    {
        var items = reading.Read(yaml, "a.csv", csv);
        return items.ShouldHaveSingleItem().ShouldBeOfType<ReadActivity>(Reading.Reason(items[0])).Activity;
    }

    private static string Local(string time) => $$"""
        source: test
        zone: Europe/Vilnius
        times:
          {{time}}
        activities:
          - { type: done, id: "{id}", person: who, at: when }
        """;
}

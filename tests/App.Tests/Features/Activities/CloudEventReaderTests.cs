using System.Text;
using System.Text.Json;
using Laurel.App.Features.Activities;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Activities;

public class CloudEventReaderTests
{
    private const string Plain = """
        {"specversion":"1.0","id":"c-1","source":"desk","type":"call-answered","time":"2026-03-02T09:30:00+02:00"}
        """;

    private static ReadEvent Read(string json) => new CloudEventReader().ReadWhole(Encoding.UTF8.GetBytes(json));

    /// <summary>The plain event with more members.</summary>
    private static string With(string members) => Plain.TrimEnd()[..^1] + "," + members + "}";
    private static string WithData(string data) => With($"\"data\":{{{data}}}");
    private static string WithoutMember(string name) =>
        "{" + string.Join(',', JsonDocument.Parse(Plain).RootElement.EnumerateObject()
            .Where(member => !member.NameEquals(name)).Select(member => $"\"{member.Name}\":{member.Value.GetRawText()}")) + "}";
    private static string Changed(string name, string value) => WithoutMember(name)[..^1] + $",\"{name}\":{value}}}";
    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static void Refused(string json, string reason)
    {
        var read = Read(json);
        read.Activity.ShouldBeNull();
        read.Reason.ShouldBe(reason);
    }

    [Fact]
    public void Read_event_without_data_is_an_activity_of_its_source_and_id()
    {
        var read = Read(Plain);

        read.Reason.ShouldBeNull();
        read.Id.ShouldBe("c-1");
        var activity = read.Activity.ShouldNotBeNull();
        activity.Source.ShouldBe("desk");
        activity.Id.ShouldBe(ActivityId.Of("c-1"));
        activity.Type.ShouldBe("call-answered");
        activity.At.ShouldBe(new DateTimeOffset(2026, 3, 2, 7, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
        activity.Version.ShouldBe(0);
        activity.IsVoid.ShouldBeFalse();
        activity.Measures.ShouldBeEmpty();
        activity.Labels.ShouldBeEmpty();
        activity.UnknownPerson.ShouldBe(UnknownPerson.Hold);
    }

    [Fact]
    public void Read_data_carries_person_measures_labels_project_and_contact()
    {
        var activity = Read(WithData("""
            "person":"avi","team":"retention","project":"spring","contact":"anna@example.test",
            "measures":{"talk":168,"wait":12.5},"labels":{"kind":"PS","kalba":"lietuvi\u0173","empty":""}
            """)).Activity.ShouldNotBeNull();

        activity.Person.ShouldBe("avi");
        activity.Team.ShouldBe("retention");
        activity.Project.ShouldBe("spring");
        activity.Contact.ShouldBe("anna@example.test");
        activity.Measures.ShouldBe([new("talk", new(168_000)), new("wait", new(12_500))]);
        activity.Labels.ShouldBe([new("kind", "PS"), new("kalba", "lietuvių"), new("empty", "")]);
    }

    [Fact]
    public void Read_subject_with_version_is_the_identity_and_the_id_names_the_delivery()
    {
        var read = Read(With("\"subject\":\"call-77\",\"version\":3,\"void\":true"));

        read.Id.ShouldBe("c-1");
        read.Activity!.Id.ShouldBe(ActivityId.Of("call-77"));
        read.Activity.Version.ShouldBe(3);
        read.Activity.IsVoid.ShouldBeTrue();
    }

    [Fact]
    public void Read_subject_without_version_leaves_the_id_as_identity() =>
        Read(With("\"subject\":\"call-77\"")).Activity!.Id.ShouldBe(ActivityId.Of("c-1"));

    [Fact]
    public void Read_null_stands_for_not_given() =>
        Read(With("\"subject\":null,\"version\":null,\"void\":null,\"dataschema\":null,\"data_base64\":null,\"data\":"
            + "{\"person\":null,\"measures\":null,\"labels\":null}")).Reason.ShouldBeNull();

    [Theory]
    [InlineData("\"traceparent\":\"00-abc\",\"sequence\":5,\"sampled\":true")]
    [InlineData("\"datacontenttype\":\"application/json; charset=utf-8\"")]
    [InlineData("\"datacontenttype\":\"application/vnd.desk+json\"")]
    [InlineData("\"dataschema\":\"https://example.test/schema\"")]
    public void Read_extensions_pass_by(string members) => Read(With(members)).Reason.ShouldBeNull();

    [Theory]
    [InlineData("specversion", "specversion is missing: it must be \"1.0\"")]
    [InlineData("id", "id is missing")]
    [InlineData("source", "source is missing")]
    [InlineData("type", "type is missing")]
    [InlineData("time", "time is missing: say when the work happened")]
    public void Read_without_a_required_attribute_names_it(string name, string reason)
    {
        Refused(WithoutMember(name), reason);
        Refused(Changed(name, "null"), reason);
    }

    [Theory]
    [InlineData("specversion", "\"0.3\"", "specversion must be \"1.0\"")]
    [InlineData("specversion", "1.0", "specversion must be text")]
    [InlineData("id", "\"\"", "id must have 1 to 200 bytes of UTF-8")]
    [InlineData("id", "7", "id must be text")]
    [InlineData("source", "\"\"", "source must not be empty")]
    [InlineData("source", "{}", "source must be text")]
    [InlineData("source", "\"a\\u0000b\"", "source holds a NUL character")]
    [InlineData("source", "\"a\\ud800b\"", "source holds half a character (a lone surrogate)")]
    [InlineData("type", "[]", "type must be text")]
    public void Read_a_wrong_attribute_names_it(string name, string value, string reason) => Refused(Changed(name, value), reason);

    [Theory]
    [InlineData("1456735980")]
    [InlineData("\"2026-03-02T09:30:00\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"a\":1}")]
    public void Read_time_without_offset_or_of_another_kind_is_refused(string value) =>
        Refused(Changed("time", value), "time must be a date and time with offset as in RFC 3339, e.g. \"2026-03-02T09:30:00+02:00\"");

    [Fact]
    public void Read_time_written_with_escapes_is_the_same_time() =>
        Read(Changed("time", "\"2026\\u002d03-02T09:30:00+02:00\"")).Activity!.At.ShouldBe(Read(Plain).Activity!.At);

    [Fact]
    public void Read_id_of_200_bytes_is_taken_and_of_201_is_not()
    {
        Read(Changed("id", $"\"{Repeat("ė", 100)}\"")).Activity.ShouldNotBeNull();
        Refused(Changed("id", $"\"{Repeat("ė", 100)}x\""), "id must have 1 to 200 bytes of UTF-8");
    }

    [Theory]
    [InlineData("\"version\":2", "version needs a subject: the subject is what has versions")]
    [InlineData("\"subject\":\"s\",\"version\":0", "version must be a whole number from 1 up")]
    [InlineData("\"subject\":\"s\",\"version\":1.5", "version must be a whole number from 1 up")]
    [InlineData("\"subject\":\"s\",\"version\":\"1\"", "version must be a whole number from 1 up")]
    [InlineData("\"subject\":\"s\",\"version\":99999999999999999999", "version must be a whole number from 1 up")]
    [InlineData("\"subject\":\"\",\"version\":1", "subject must have 1 to 200 bytes of UTF-8 where there is a version")]
    [InlineData("\"void\":true", "void needs subject and version: the subject is what is taken back")]
    [InlineData("\"void\":\"true\"", "void must be true or false")]
    [InlineData("\"data_base64\":\"AA==\"", "data_base64 is not taken: give data as JSON")]
    [InlineData("\"datacontenttype\":\"text/plain\"", "datacontenttype must be \"application/json\"")]
    [InlineData("\"data\":[]", "data must be a JSON object")]
    [InlineData("\"data\":\"x\"", "data must be a JSON object")]
    [InlineData("\"nested\":{\"a\":{}}", "nested must be text, a number or a boolean, as extensions are")]
    [InlineData("\"id\":\"c-2\"", "id is given more than once")]
    [InlineData("\"\\u0069d\":\"c-2\"", "id is given more than once")]
    [InlineData("\"ext\":1,\"ext\":1", "ext is given more than once")]
    [InlineData("\"\":1", "the event has a member without a name")]
    [InlineData("\"\\udc00\":1", "the event has a member whose name holds half a character (a lone surrogate)")]
    public void Read_an_event_that_breaks_a_rule_says_which(string members, string reason) => Refused(With(members), reason);

    [Theory]
    [InlineData("\"person\":\"\"", "data.person must not be empty")]
    [InlineData("\"person\":7", "data.person must be text")]
    [InlineData("\"mesures\":{}",
        "data.mesures is not known: data holds person, provider, external, team, measures, labels, project, projectProvider and contact")]
    [InlineData("\"person\":\"a\",\"person\":\"b\"", "data.person is given more than once")]
    [InlineData("\"measures\":[]", "data.measures must be a JSON object of numbers")]
    [InlineData("\"measures\":{\"talk\":\"168\"}", "data.measures.talk must be a number")]
    [InlineData("\"measures\":{\"talk\":null}", "data.measures.talk must be a number")]
    [InlineData("\"measures\":{\"talk\":{\"a\":1}}", "data.measures.talk must be a number")]
    [InlineData("\"measures\":{\"talk\":1,\"talk\":1}", "data.measures.talk is given more than once")]
    [InlineData("\"measures\":{\"\":1}", "data.measures has a member without a name")]
    [InlineData("\"labels\":3", "data.labels must be a JSON object of texts")]
    [InlineData("\"labels\":{\"kind\":3}", "data.labels.kind must be text")]
    [InlineData("\"labels\":{\"kind\":null}", "data.labels.kind must be text")]
    [InlineData("\"labels\":{\"kind\":\"\\u0000\"}", "data.labels.kind holds a NUL character")]
    [InlineData("\"labels\":{\"kind\":\"\\udead\"}", "data.labels.kind holds half a character (a lone surrogate)")]
    public void Read_data_that_breaks_a_rule_says_which(string data, string reason) => Refused(WithData(data), reason);

    [Theory]
    [InlineData("1e9", 1_000_000_000_000)]
    [InlineData("-1e9", -1_000_000_000_000)]
    [InlineData("0.0005", 0)]
    [InlineData("0.0015", 2)]
    [InlineData("2.0005", 2000)]
    [InlineData("-0.0015", -2)]
    [InlineData("1E-400", 0)]
    [InlineData("-0", 0)]
    [InlineData("0.333333333333333333333333333333333333333333333", 333)]
    public void Read_measure_is_rounded_half_to_even_to_a_thousandth(string number, long thousandths) =>
        Read(WithData($"\"measures\":{{\"m\":{number}}}")).Activity!.Measures.ShouldBe([new("m", new Amount(thousandths))]);

    [Theory]
    [InlineData("1000000000.001")]
    [InlineData("-1e10")]
    [InlineData("1e308")]
    [InlineData("1e400")]
    [InlineData("1e99999999999999999999")]
    public void Read_measure_out_of_range_is_refused(string number) =>
        Refused(WithData($"\"measures\":{{\"m\":{number}}}"), "data.measures.m must lie between -1,000,000,000 and 1,000,000,000");

    [Fact]
    public void Read_number_of_thousands_of_digits_is_refused() =>
        Read(WithData($"\"measures\":{{\"m\":{new string('9', 100_000)}}}")).Reason
            .ShouldBe("data.measures.m must lie between -1,000,000,000 and 1,000,000,000");

    [Fact]
    public void Read_fifty_measures_and_labels_are_taken_and_one_more_is_not()
    {
        static string Many(int count, string value) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"n{i}\":{value}"));

        Read(WithData($"\"measures\":{{{Many(50, "1")}}},\"labels\":{{{Many(50, "\"x\"")}}}")).Activity.ShouldNotBeNull();
        Refused(WithData($"\"measures\":{{{Many(51, "1")}}}"), "data.measures has more than 50 members");
        Refused(WithData($"\"labels\":{{{Many(51, "\"x\"")}}}"), "data.labels has more than 50 members");
        Refused(With(Many(100, "1")), "the event has more than 100 members");
    }

    [Fact]
    public void Read_names_of_100_texts_of_1000_and_keys_of_200_characters_are_the_longest()
    {
        Read(WithData($"\"labels\":{{\"{Repeat("ė", 100)}\":\"{Repeat("\\u0117", 1000)}\"}},\"person\":\"{Repeat("p", 200)}\""))
            .Activity.ShouldNotBeNull();
        Refused(WithData($"\"labels\":{{\"{Repeat("n", 101)}\":\"x\"}}"),
            "data.labels has a member whose name is longer than 100 characters");
        Refused(WithData($"\"labels\":{{\"n\":\"{Repeat("x", 1001)}\"}}"), "data.labels.n is longer than 1,000 characters");
        Refused(WithData($"\"person\":\"{Repeat("p", 201)}\""), "data.person is longer than 200 characters");
        Refused(With($"\"ext\":\"{Repeat("x", 1001)}\""), "ext is longer than 1,000 characters");
    }

    [Fact]
    public void Read_half_a_pair_beside_a_whole_one_is_refused_and_a_whole_one_is_taken()
    {
        Read(WithData("\"labels\":{\"mood\":\"\\ud83d\\ude00\"}")).Activity!.Labels[0].Text.ShouldBe("😀");
        Refused(WithData("\"labels\":{\"mood\":\"😀\\ud83d\"}"), "data.labels.mood holds half a character (a lone surrogate)");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("[[[]]]")]
    public void Read_anything_but_an_object_is_refused(string json) => Refused(json, "the event must be a JSON object");

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("{\"id\":\"a\",}")]
    [InlineData("{\"id\":NaN}")]
    [InlineData("{\"id\":\"a\"} {}")]
    [InlineData("{\"id\":01}")]
    [InlineData("{'id':1}")]
    [InlineData("// \n{}")]
    public void ReadWhole_of_broken_json_says_where(string json) =>
        Read(json).Reason.ShouldNotBeNull().ShouldStartWith("is not well-formed JSON at byte ");

    [Fact]
    public void ReadWhole_of_bytes_that_are_not_utf8_is_refused()
    {
        new CloudEventReader().ReadWhole(Encoding.Unicode.GetBytes(Plain)).Reason.ShouldNotBeNull();
        new CloudEventReader().ReadWhole([.. "{\"id\":\""u8, 0xC3, 0x28, .. "\"}"u8]).Reason.ShouldBe("is not UTF-8");
    }

    [Fact]
    public void Read_deep_nesting_is_a_reason_against_one_event_only()
    {
        var deep = Repeat("[", 100_000) + Repeat("]", 100_000);
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes($"[{With($"\"deep\":{deep}")},{WithData($"\"person\":{deep}")},{Plain}]"),
            CloudEventReader.Strict);
        var reader = new CloudEventReader();
        var reasons = new List<string?>();
        json.Read();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) reasons.Add(reader.Read(ref json).Reason);

        reasons.ShouldBe(["deep must be text, a number or a boolean, as extensions are", "data.person must be text", null]);
    }

    [Fact]
    public void Read_id_is_answered_although_an_earlier_member_is_wrong()
    {
        Read("{\"source\":7,\"nest\":{\"id\":\"no\"},\"id\":\"c-9\"}").ShouldBe(new("c-9", null, "source must be text"));
        Read("{\"source\":7,\"id\":9}").ShouldBe(new(null, null, "source must be text"));
    }

    [Fact]
    public void Read_forgets_the_event_before()
    {
        var reader = new CloudEventReader();
        reader.ReadWhole(Encoding.UTF8.GetBytes(WithData("\"person\":\"avi\",\"measures\":{\"talk\":1},\"labels\":{\"kind\":\"PS\"}")));

        var second = reader.ReadWhole(Encoding.UTF8.GetBytes(Plain)).Activity!;

        (second.Person, second.Measures.Count, second.Labels.Count).ShouldBe((null, 0, 0));
    }
}

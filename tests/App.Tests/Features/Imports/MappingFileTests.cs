using Laurel.App.Features.Imports;
using Laurel.Engine.Activities;
using Laurel.Engine.Importing;

namespace Laurel.App.Tests.Features.Imports;

public sealed class MappingFileTests
{
    [Theory]
    [InlineData("source: a\nzone: Europe/Vilnus\n",
        "m.yaml:2:7: 'Europe/Vilnus' is no time zone (did you mean 'Europe/Vilnius'?)")]
    [InlineData("sourec: a\n", "m.yaml:1:1: unknown key 'sourec' (did you mean 'source'?)")]
    [InlineData("source: a\nzebra: b\n", "m.yaml:2:1: unknown key 'zebra' (known here: source, format,")]
    [InlineData("source: a\ndecimal: colon\n", "m.yaml:2:10: 'decimal' must be point, comma, not 'colon'")]
    [InlineData("source: a\nformat: ndjson\ndecimal: comma\n", "m.yaml:3:10: JSON writes numbers with a point")]
    [InlineData("source: [a]\n", "m.yaml:1:9: 'source' must be a text, not a list")]
    [InlineData("source: a\nsource: b\n", "m.yaml:2:1: ")]
    [InlineData("source: a\n  bad: 1\n", "m.yaml:2:6: ")]
    [InlineData("", "m.yaml:1:1: the file is empty")]
    [InlineData("- a\n", "m.yaml:1:1: the file must be keys with values, not a list")]
    [InlineData("source: a\nformat: xls\n", "m.yaml:2:9: 'format' must be csv, tsv, ndjson, not 'xls'")]
    [InlineData("source: &x a\nformat: *x\n", "m.yaml:2:9: aliases (*name) are not supported: write it out")]
    [InlineData("source: a\ndelimiter: ab\n", "m.yaml:2:12: 'delimiter' must be one character")]
    [InlineData("source: a\nnames: who.csv\n", "m.yaml:2:8: there is no file 'who.csv' beside the mapping")]
    [InlineData("times:\n  t: { column: a, format: QQ }\n", "m.yaml:2:27: 'QQ' is no time format; write it with yyyy, MM,")]
    [InlineData("times:\n  t: { date: a, date-format: DD.MM }\n", "m.yaml:2:30: 'DD.MM' is no date format; write it with yyyy, MM and dd")]
    [InlineData("times:\n  t: { column: a, format: iso }\n  u: { column: a }\n", "m.yaml:3:6: 'format' is missing")]
    [InlineData("times:\n  t: { column: a, format: d/M/yyyy }\n", "m.yaml:2:3: time 't' has no offset: give 'zone'")]
    [InlineData("times:\n  t: { date: a, not-before: start }\nzone: UTC\n", "m.yaml:2:29: there is no time 'start' under 'times'")]
    [InlineData("columns:\n  a: { frist: 3 }\n", "m.yaml:2:8: unknown key 'frist' (did you mean 'first'?)")]
    [InlineData("columns:\n  a: { first: 0 }\n", "m.yaml:2:15: 'first' must be above zero")]
    [InlineData("columns:\n  a: { text: '{b' }\n", "m.yaml:2:14: a brace is opened and not closed")]
    [InlineData("columns:\n  a: { else: keep }\n", "m.yaml:2:14: 'else' says what becomes of texts that 'map' does not have")]
    [InlineData("ignore:\n  - when: { column: a }\n    because: b\n", "m.yaml:2:11: a condition needs a test")]
    [InlineData("ignore:\n  - when: { column: a, at-leats: 3 }\n    because: b\n",
        "m.yaml:2:24: unknown key 'at-leats' (did you mean 'at-least'?)")]
    [InlineData("ignore:\n  - when: { column: a, above: x }\n    because: b\n", "m.yaml:2:31: 'above' must be a number, not 'x'")]
    [InlineData("activities:\n  - { type: a, id: fix, person: p, at: t }\n", "m.yaml:2:40: there is no time 't' under 'times'")]
    [InlineData("activities:\n  - { type: a, id: '{{x}}', person: p }\n",
        "m.yaml:2:20: the id names no column: all rows would be one activity")]
    [InlineData("activities:\n  - { type: a, id: n }\n", "m.yaml:2:5: give 'person', or 'team' for work that has no person")]
    public void Read_wrong_mapping_says_where_and_what(string yaml, string problem)
    {
        var reading = MappingFile.Read(yaml, "m.yaml", _ => null);

        reading.Mapping.ShouldBeNull();
        reading.Problems.Select(p => p.ToString()).ShouldContain(text => text.StartsWith(problem, StringComparison.Ordinal),
            string.Join('\n', reading.Problems));
    }

    [Fact]
    public void Read_tells_all_problems_in_the_order_of_the_file()
    {
        var problems = MappingFile.Read("format: x\nzone: y\n", "m.yaml", _ => null).Problems;

        problems.Select(p => p.Line).ShouldBeInOrder();
        problems.Count.ShouldBe(5, "format, zone, and source, times and activities are missing");
    }

    [Theory]
    [InlineData("{ column: a, format: yyyy-MM-dd'T }")]
    [InlineData("{ column: a, format: yyyy-MM-DD HH:mm }")]
    [InlineData("{ column: a }")]
    [InlineData("{ date: a, time: b, time-format: hh:MM }")]
    public void Read_a_wrong_time_is_one_problem_whoever_names_it(string time) =>
        MappingFile.Read($"source: a\nzone: UTC\ntimes:\n  t: {time}\nactivities:\n  - {{ type: a, id: '{{n}}', person: p, at: t }}\n",
            "m.yaml", _ => null).Problems.ShouldHaveSingleItem().Line.ShouldBe(4);

    [Fact]
    public void Read_two_activities_with_one_identity_is_refused()
    {
        const string Twice = """
            source: a
            times: { t: { column: t, format: unix } }
            activities:
              - { type: a, id: "{n}", person: p, at: t }
              - { type: b, id: "{n}", person: p, at: t }
            """;

        MappingFile.Read(Twice, "m.yaml", _ => null).Problems.Single().ToString()
            .ShouldStartWith("m.yaml:5:20: another activity has the same id");
    }

    [Theory]
    [InlineData("who,name\na,b\n", "names.csv:1: there is no column 'person'")]
    [InlineData("person,name\na,\n", "names.csv:2: person or name is missing")]
    [InlineData("person,name\na,b\na,c\n", "names.csv:3: 'a' is there twice")]
    public void Read_wrong_names_says_where(string names, string problem)
    {
        var reading = MappingFile.Read(Reading.Yaml(top: "names: names.csv"), "m.yaml", _ => names);

        reading.Problems.Single().Message.ShouldStartWith(problem);
    }

    [Fact]
    public void Read_people_named_by_a_provider_wait_for_their_identity()
    {
        Reading.Mapping(Reading.Yaml(top: "provider: crm")).Provider.ShouldBe("crm");
        MappingFile.Read(Reading.Yaml(top: "provider: crm\nunknown-people: create"), "m.yaml", _ => null).Problems.Single().Message
            .ShouldStartWith("people are not made from a provider's ids");
        MappingFile.Read(Reading.Yaml(top: "provider: C R M"), "m.yaml", _ => null).Problems.Single().Message
            .ShouldStartWith("'C R M' is not a provider");
        using var files = new Reading();
        var yaml = files.Write("m.yaml", "source: a\nprovider: crm\ntimes: { t: { column: t, format: unix } }\n"
            + "activities: [ { type: a, id: '{n}', person: p, at: t } ]\n");
        var rows = new ImportReader(MappingFile.Load(yaml).Mapping!, [files.Write("rows.csv", "n,p,t\n1,4711,1773300000\n")]).Read();
        rows.OfType<ReadActivity>().Single().Activity.Person.ShouldBe(new ExternalIdentity("crm", "4711").Awaited);
    }

    [Fact]
    public void Read_names_may_be_yaml()
    {
        var reading = MappingFile.Read(Reading.Yaml(top: "names: names.yaml"), "m.yaml", _ => "ada: Ada Example\n'7': Seven\n");

        reading.Problems.ShouldBeEmpty();
        reading.Mapping!.Names["7"].ShouldBe("Seven");
    }

    [Theory]
    [InlineData("bank-calls")]
    [InlineData("incidents")]
    public void Load_the_samples_creates_people_from_their_keys(string sample)
    {
        var mapping = Reading.Load(sample);

        mapping.UnknownPerson.ShouldBe(UnknownPerson.Create);
        mapping.Source.ShouldBe(sample);
    }

    [Fact]
    public void Read_everything_that_can_be_left_out_has_a_default()
    {
        var mapping = Reading.Mapping(Reading.Yaml());

        mapping.Format.ShouldBeNull();
        mapping.Delimiter.ShouldBe(',');
        mapping.Zone.ShouldBeNull();
        mapping.LastRowPer.ShouldBeNull();
        mapping.UnknownPerson.ShouldBe(UnknownPerson.Hold);
        mapping.Activities.Single().When.ShouldBeNull();
        mapping.Times.Single().ShouldBeOfType<OffsetTimeRule>();
    }
}

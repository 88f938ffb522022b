using CsvHelper;
using FsCheck;
using FsCheck.Fluent;
using Laurel.App.Features.Imports;

namespace Laurel.App.Tests.Features.Imports;

public sealed class DelimitedRecordTests
{
    private static readonly Gen<string> Field =
        Gen.Elements('a', 'Ž', ',', ';', '"', '\n', ' ', '\t').ArrayOf().Select(characters => new string(characters));

    /// <summary>An independent reader of the same format is the judge.</summary>
    [Fact]
    public void Fields_are_those_that_another_reader_of_the_format_finds() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Arb.From(Field.NonEmptyListOf()), fields =>
        {
            var line = string.Join(',', fields.Select(field => '"' + field.Replace("\"", "\"\"", StringComparison.Ordinal) + '"'));
            var record = new DelimitedRecord(',', quotes: true);
            var lines = line.Split('\n');
            record.Begin(lines[0]);
            foreach (var next in lines.Skip(1)) record.GoOn(next);

            record.IsOpen.ShouldBeFalse();
            record.IsMalformed.ShouldBeFalse();
            record.Fields.ShouldBe(fields);
            record.Fields.ShouldBe(Other(line));
        }));

    [Fact]
    public void Fields_put_together_again_are_the_line_where_quotes_mean_nothing() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Arb.From(Field), text =>
        {
            var line = text.Replace('\n', ' ');
            var record = new DelimitedRecord('\t', quotes: false);
            record.Begin(line);

            string.Join('\t', record.Fields).ShouldBe(line);
        }));

    private static List<string> Other(string line)
    {
        using var reader = CsvReader.FromText(line, new CsvReaderOptions { HasHeader = false, Separator = ',', TrimWhitespace = false });
        reader.Read().ShouldBeTrue();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)];
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Laurel.App.Features.Activities;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Activities;

/// <summary>What holds for any event, and for any bytes.</summary>
public class CloudEventProperties
{
    private static readonly Gen<string> Character = Gen.OneOf(
        Gen.Choose(0x20, 0x7E).Select(code => ((char)code).ToString()),
        Gen.Elements("ė", "Ž", "漢", "😀", "\"", "\\", "\n", "\u0001", "\u2028"));

    private static Gen<string> Text(int shortest, int longest) =>
        from length in Gen.Choose(shortest, longest)
        from characters in Character.ListOf(length)
        select string.Concat(characters);

    private static readonly Gen<long> Instant = Gen.Choose(-2_000_000_000, 2_000_000_000).SelectMany(
        second => Gen.Choose(0, 999).Select(millisecond => second * 1000L + millisecond));

    private static Gen<T[]> Some<T>(Gen<T> one, Func<T, string> name) => Gen.Choose(0, 8).SelectMany(count =>
        one.ListOf(count).Select(all => all.DistinctBy(name, StringComparer.Ordinal).ToArray()));

    private static readonly Gen<Measure> AnyMeasure =
        from name in Text(1, 20)
        from thousandths in Gen.OneOf(Gen.Choose(-5000, 5000).Select(x => (long)x), Gen.Elements(1_000_000_000_000, -1_000_000_000_000))
        select new Measure(name, new Amount(thousandths));

    private static readonly Gen<IncomingActivity> Activity =
        from keys in Text(1, 30).ListOf(3)
        from maybe in Gen.OneOf(Gen.Constant<string?>(null), Text(1, 30).Select(text => (string?)text)).ListOf(4)
        from at in Instant
        from version in Gen.Choose(0, 3)
        from isVoid in Gen.Elements(true, false)
        from measures in Some(AnyMeasure, measure => measure.Name)
        from labels in Some(Text(1, 20).SelectMany(name => Text(0, 30).Select(text => new Label(name, text))), label => label.Name)
        select new IncomingActivity(keys[0], ActivityId.Of(keys[1]), keys[2], maybe[0], maybe[1], at, measures, labels)
        {
            Project = maybe[2], Contact = maybe[3], Version = version, IsVoid = isVoid && version > 0,
        };

    [Fact]
    public void Read_of_any_written_activity_is_that_activity() => Prop.ForAll(Activity.ToArbitrary(), activity =>
    {
        var read = new CloudEventReader().ReadWhole(Written(activity));
        read.Reason.ShouldBeNull();
        var came = read.Activity!;
        came.Measures.ShouldBe(activity.Measures);
        came.Labels.ShouldBe(activity.Labels);
        (came with { Measures = activity.Measures, Labels = activity.Labels }).ShouldBe(activity);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Read_of_any_damaged_event_answers_and_throws_nothing()
    {
        var damage = from at in Gen.Choose(0, 100_000)
                     from what in Gen.Choose(0, 5)
                     from with in Gen.Choose(0, 255)
                     select (at, what, with);
        var cases = from activity in Activity
                    from howMany in Gen.Choose(1, 5)
                    from damages in damage.ListOf(howMany)
                    select damages.Aggregate(Written(activity), (bytes, one) => Damaged(bytes, one.at, one.what, (byte)one.with));
        Prop.ForAll(cases.ToArbitrary(), bytes =>
        {
            var read = new CloudEventReader().ReadWhole(bytes);
            (read.Activity is null).ShouldBe(read.Reason is not null);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private static byte[] Damaged(byte[] bytes, int at, int what, byte with)
    {
        if (bytes.Length == 0) return bytes;
        at %= bytes.Length;
        return what switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], .. bytes[(at + 1)..]],
            2 => [.. bytes[..at], with, .. bytes[(at + 1)..]],
            3 => [.. bytes[..at], (byte)"{}[]\",:0\\"[with % 9], .. bytes[at..]],
            4 => [.. bytes[..at], .. "\\ud800"u8, .. bytes[at..]],
            _ => [.. bytes[..at], .. bytes[(at / 2)..]],
        };
    }

    private static byte[] Written(IncomingActivity activity)
    {
        var data = new Dictionary<string, object?>
        {
            ["person"] = activity.Person, ["team"] = activity.Team, ["project"] = activity.Project, ["contact"] = activity.Contact,
            ["measures"] = activity.Measures.ToDictionary(measure => measure.Name, measure => measure.Amount.ToDecimal()),
            ["labels"] = activity.Labels.ToDictionary(label => label.Name, label => label.Text),
        };
        var attributes = new Dictionary<string, object?>
        {
            ["specversion"] = "1.0", ["source"] = activity.Source, ["type"] = activity.Type, ["data"] = data,
            ["time"] = DateTimeOffset.FromUnixTimeMilliseconds(activity.At).ToOffset(TimeSpan.FromHours(3))
                .ToString("O", CultureInfo.InvariantCulture),
            ["id"] = activity.Version == 0 ? activity.Id.ToString() : "delivery",
        };
        if (activity.Version > 0)
        {
            attributes["subject"] = activity.Id.ToString();
            attributes["version"] = activity.Version;
            attributes["void"] = activity.IsVoid;
        }
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(attributes));
    }
}

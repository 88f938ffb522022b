using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Laurel.Engine.Activities;

namespace Laurel.Engine.Tests.Activities;

public sealed class ActivityOrderTests
{
    [Fact]
    public void CompareTo_orders_sources_by_their_utf8_bytes() => Prop.ForAll(
        Texts(), Texts(), (a, b) =>
            Math.Sign(new ActivityOrder(0, a, default).CompareTo(new ActivityOrder(0, b, default))).ShouldBe(Math.Sign(
                ((ReadOnlySpan<byte>)Encoding.UTF8.GetBytes(a)).SequenceCompareTo(Encoding.UTF8.GetBytes(b)))))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void CompareTo_orders_by_instant_then_source_then_id()
    {
        ActivityOrder[] inOrder =
        [
            new(1, "b", ActivityId.Of("z")), new(2, "a", ActivityId.Of("a")), new(2, "a", ActivityId.Of("b")),
            // A uuid's tag comes after a text's.
            new(2, "a", ActivityId.Of(new Guid())), new(2, "b", ActivityId.Of("a")),
        ];
        inOrder.OrderBy(o => o).ShouldBe(inOrder);
    }

    [Fact]
    public void A_text_never_equals_a_uuid()
    {
        var uuid = new Guid("6f1e7c1e-6b1f-4e0b-9a51-0d0a6d3f5b11");
        ActivityId.Of(uuid.ToString()).ShouldBe(ActivityId.Of(uuid));
        ActivityId.Of(uuid.ToString().ToUpperInvariant()).ShouldNotBe(ActivityId.Of(uuid));
        ActivityId.Of(uuid.ToString("N")).ShouldNotBe(ActivityId.Of(uuid));
        ActivityId.Of(uuid.ToString()).ToString().ShouldBe(uuid.ToString());
    }

    private static Arbitrary<string> Texts() => Gen.Elements("a", "ab", "é", "\uFFFD", "\U0001F3C5", "\U00010000b", "")
        .ListOf(3).Select(parts => string.Concat(parts)).ToArbitrary();
}

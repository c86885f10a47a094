import assert from "node:assert/strict";
import { hasBareAmpersand, isXml, putXmlValue, xmlLeaves, xmlName } from "../../lib/http/xml.ts";

const leavesOf = (text: string) =>
  Object.fromEntries(xmlLeaves(text).map(({ path, value }) => [path, value]));

Deno.test("xmlLeaves() reads elements, attributes, CDATA and members by the names that lead to them", () => {
  assert.deepEqual(
    leavesOf(`<?xml version="1.0"?><!-- <a>no</a> --><s:E xmlns:s="urn:e" s:id='x &amp; y'>
      <s:Row>1</s:Row><Row>&#50;<![CDATA[<&]]></Row><Empty/><Deep> <b>z</b> </Deep>
    </s:E>`),
    { "E/@id": "x & y", "E/Row": "1", "E/Row[2]": "2<&", "E/Empty": "", "E/Deep/b": "z" },
  );
  const member = (name: string, value: string) => `<member><name>${name}</name>${value}</member>`;
  assert.deepEqual(
    leavesOf(
      `<struct>${member("sid", "<value>1</value>")}${
        member("n", "<value><i4>2</i4></value>")
      }</struct>`,
    ),
    { "struct/member[sid]/value": "1", "struct/member[n]/value/i4": "2" },
  );
  assert.deepEqual(leavesOf("<a><b>open<c>1</c></a> <d>2</d>"), { "a/b/c": "1", "d": "2" });
});

Deno.test("putXmlValue() changes one value and nothing beside it", () => {
  const text = `<a x="1"><b>\n  old\n</b><c/><d><![CDATA[o]]></d></a>`;
  assert.equal(
    putXmlValue(text, "a/b", "n&w"),
    `<a x="1"><b>\n  n&amp;w\n</b><c/><d><![CDATA[o]]></d></a>`,
  );
  assert.equal(putXmlValue(text, "a/c", "<"), text.replace("<c/>", "<c>&lt;</c>"));
  assert.equal(putXmlValue(text, "a/d", "n"), text.replace("<![CDATA[o]]>", "n"));
  assert.equal(putXmlValue(text, "a/@x", '"'), text.replace('"1"', '"&quot;"'));
  assert.equal(putXmlValue(text, "a/e", "n"), undefined);
});

Deno.test("isXml() is false for pages and other texts, hasBareAmpersand() for escaped ones", () => {
  for (const text of ["<a>", "\ufeff <?xml version='1.0'?>", "<n:a x='1'/>"]) {
    assert.ok(isXml(text));
  }
  for (const text of ["a<b>", "<html>", "<!DOCTYPE html>", "<3 and 4>", "", "{}"]) {
    assert.ok(!isXml(text), text);
  }
  assert.ok(hasBareAmpersand("<a>1 & 2</a>"));
  assert.ok(hasBareAmpersand("<a x='b&c'/>"));
  assert.ok(!hasBareAmpersand("<a x='&#9;'>&amp;<![CDATA[ & ]]><!-- & --></a>"));
});

Deno.test("xmlName() is the last name that says whose a value is", () => {
  assert.equal(xmlName("Envelope/Header/Session[2]"), "Session");
  assert.equal(xmlName("E/@sid"), "sid");
  assert.equal(xmlName("methodResponse/params/param/value/struct/member[sid]/value/string"), "sid");
  assert.equal(xmlName("methodCall/params/param[2]/value/string"), "");
});

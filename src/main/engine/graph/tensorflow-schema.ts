/**
 * The part of TensorFlow's protocol buffers that a SavedModel of ours uses.
 * Field numbers: tensorflow/core/framework/{graph,node_def,attr_value,op_def,function,tensor,tensor_shape,versions}.proto
 * and tensorflow/core/protobuf/{saved_model,meta_graph}.proto.
 */
import protobuf from 'protobufjs';

const source = `
syntax = "proto3";
package tensorflow;
message TensorShapeProto { message Dim { int64 size = 1; } repeated Dim dim = 2; }
message TensorProto { int32 dtype = 1; TensorShapeProto tensor_shape = 2; bytes tensor_content = 4; }
message NameAttrList { string name = 1; map<string, AttrValue> attr = 2; }
message AttrValue {
  message ListValue { repeated int64 i = 3 [packed = true]; repeated int32 type = 6 [packed = true]; }
  oneof value {
    bytes s = 2; int64 i = 3; float f = 4; bool b = 5; int32 type = 6; TensorShapeProto shape = 7;
    TensorProto tensor = 8; ListValue list = 1; NameAttrList func = 10;
  }
}
message NodeDef { string name = 1; string op = 2; repeated string input = 3; string device = 4; map<string, AttrValue> attr = 5; }
message OpDef {
  message ArgDef { string name = 1; int32 type = 3; }
  string name = 1; repeated ArgDef input_arg = 2; repeated ArgDef output_arg = 3; bool is_stateful = 17;
}
message FunctionDef { OpDef signature = 1; map<string, AttrValue> attr = 5; repeated NodeDef node_def = 3; map<string, string> ret = 4; }
message FunctionDefLibrary { repeated FunctionDef function = 1; }
message VersionDef { int32 producer = 1; int32 min_consumer = 2; }
message GraphDef { repeated NodeDef node = 1; VersionDef versions = 4; FunctionDefLibrary library = 2; }
message MetaGraphDef {
  message MetaInfoDef { repeated string tags = 4; string tensorflow_version = 5; }
  MetaInfoDef meta_info_def = 1; GraphDef graph_def = 2;
}
message SavedModel { int64 saved_model_schema_version = 1; repeated MetaGraphDef meta_graphs = 2; }
`;

export const savedModelType = protobuf
  .parse(source, { keepCase: true })
  .root.lookupType('tensorflow.SavedModel');

export type AttrValue = Record<string, unknown>;
export type NodeDef = {
  name: string;
  op: string;
  input: string[];
  attr: Record<string, AttrValue>;
};
type ArgDef = { name: string; type: number };
export type FunctionDef = {
  signature: { name: string; input_arg: ArgDef[]; output_arg: ArgDef[]; is_stateful: boolean };
  attr: Record<string, AttrValue>;
  node_def: NodeDef[];
  ret: Record<string, string>;
};
